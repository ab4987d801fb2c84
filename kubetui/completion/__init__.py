"""Shell completion: scripts for bash, zsh and fish, and the answers that they ask the program for.

Own code, since no library does what is needed here: argcomplete runs the whole program for each Tab and has no zsh or
fish of its own, shtab knows neither fish nor answers that depend on files. Only local files are read: kubeconfig and
the settings. Nothing of it is imported unless a shell asks.
"""
