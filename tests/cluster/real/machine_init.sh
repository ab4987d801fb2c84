#!/bin/sh
# Process 1 of the node's machine. It runs in mount, network and process namespaces of its own: when it ends, the
# kernel ends every process of the machine, and its mounts, interfaces and packet filter rules go with them.
# usage: machine_init.sh FOLDER    (the machine's own part of the disk)
set -eu
own=$1

mount --make-rshared /  # among this machine's own mount namespaces, as on any machine; not with the outer one
mount -t proc proc /proc
mount -t tmpfs -o mode=755 tmpfs /run
mount --bind "$own/var-lib" /var/lib
mount --bind "$own/var-log" /var/log

# The kubelet sets these for the whole kernel, which is not this machine's alone: it gets copies to set.
for setting in vm/overcommit_memory vm/panic_on_oom kernel/panic kernel/panic_on_oops kernel/keys/root_maxkeys \
    kernel/keys/root_maxbytes; do
    copy=$own/sysctl/$(echo "$setting" | tr / .)
    cat "/proc/sys/$setting" >"$copy"
    mount --bind "$copy" "/proc/sys/$setting"
done

echo 1 >/proc/sys/net/ipv4/ip_forward  # of this network namespace
ip link set lo up

touch "$own/ready"
trap '' CHLD  # whoever is left to process 1 is collected by the kernel
exec sleep infinity
