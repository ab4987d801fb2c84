// Stands in for programs in containers: it waits, speaks, counts, asks for names, or fails, as its arguments say.
//
//	stand-in pause                          be a pod's first process
//	stand-in speak [-every 20s] LINE...     print the lines one by one, over and over
//	stand-in count [-every 100ms] [-times 0] [-width 0]  print numbered lines, so that a missing one is seen
//	stand-in ask [-every 2s] NAME...        look names up, one after the other
//	stand-in fail [-after 1s] [-code 1] LINE...  print the lines, then end with this code
//
// A line may hold {time} (RFC 3339) and {klog} (the head of a klog line).
package main

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"net"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"
)

func main() {
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "usage: stand-in pause|speak|count|ask|fail [flags] [arguments]")
		os.Exit(2)
	}
	ended := make(chan os.Signal, 1)
	signal.Notify(ended, syscall.SIGTERM, syscall.SIGINT)
	go func() {
		<-ended
		os.Exit(0)
	}()

	flags := flag.NewFlagSet(os.Args[1], flag.ExitOnError)
	every := flags.Duration("every", 20*time.Second, "between two lines")
	times := flags.Int("times", 0, "how many lines at most; 0 for no end")
	width := flags.Int("width", 0, "least number of characters of a line")
	after := flags.Duration("after", time.Second, "until it fails")
	code := flags.Int("code", 1, "the code it fails with")
	flags.Parse(os.Args[2:])

	switch os.Args[1] {
	case "pause":
		pause()
	case "speak":
		speak(flags.Args(), *every)
	case "count":
		count(*every, *times, *width)
	case "ask":
		ask(flags.Args(), *every)
	case "fail":
		for _, line := range flags.Args() {
			fmt.Println(filled(line))
		}
		time.Sleep(*after)
		os.Exit(*code)
	default:
		fmt.Fprintf(os.Stderr, "stand-in: no %q\n", os.Args[1])
		os.Exit(2)
	}
}

// pause waits, and collects the processes that are left to a pod's first one.
func pause() {
	children := make(chan os.Signal, 8)
	signal.Notify(children, syscall.SIGCHLD)
	for range children {
		for {
			if pid, err := syscall.Wait4(-1, nil, syscall.WNOHANG, nil); pid <= 0 || err != nil {
				break
			}
		}
	}
}

func speak(lines []string, every time.Duration) {
	if len(lines) == 0 {
		select {}
	}
	for n := 0; ; n++ {
		fmt.Println(filled(lines[n%len(lines)]))
		time.Sleep(every)
	}
}

func count(every time.Duration, times, width int) {
	out := bufio.NewWriter(os.Stdout)
	for n := 1; times == 0 || n <= times; n++ {
		line := fmt.Sprintf("line %d", n)
		if missing := width - len(line); missing > 1 {
			line += " " + strings.Repeat(".", missing-1)
		}
		fmt.Fprintln(out, line)
		if every > 0 {
			out.Flush()
			time.Sleep(every)
		}
	}
	out.Flush()
	select {}
}

func ask(names []string, every time.Duration) {
	for n := 0; len(names) > 0; n++ {
		name := names[n%len(names)]
		context, done := context.WithTimeout(context.Background(), 5*time.Second)
		addresses, err := net.DefaultResolver.LookupHost(context, name)
		done()
		if err != nil {
			fmt.Printf("%s %s: %v\n", time.Now().UTC().Format(time.RFC3339), name, err)
		} else {
			fmt.Printf("%s %s is %s\n", time.Now().UTC().Format(time.RFC3339), name, strings.Join(addresses, ", "))
		}
		time.Sleep(every)
	}
}

func filled(line string) string {
	now := time.Now().UTC()
	line = strings.ReplaceAll(line, "{time}", now.Format("2006-01-02T15:04:05.000000Z"))
	return strings.ReplaceAll(line, "{klog}", now.Format("I0102 15:04:05.000000")+"       1")
}
