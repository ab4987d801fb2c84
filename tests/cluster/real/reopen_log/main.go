// Asks the container runtime to open a container's log anew, as the kubelet does after it moved the file away.
//
//	reopen-log SOCKET CONTAINER
package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	runtime "k8s.io/cri-api/pkg/apis/runtime/v1"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: reopen-log SOCKET CONTAINER")
		os.Exit(2)
	}
	if err := reopen(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "reopen-log:", err)
		os.Exit(1)
	}
}

func reopen(socket, container string) error {
	connection, err := grpc.NewClient("unix://"+socket, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return err
	}
	defer connection.Close()
	soon, done := context.WithTimeout(context.Background(), 10*time.Second)
	defer done()
	request := &runtime.ReopenContainerLogRequest{ContainerId: container}
	_, err = runtime.NewRuntimeServiceClient(connection).ReopenContainerLog(soon, request)
	return err
}
