// Command runnel-benchmarks does the workloads of Runnel's comparison in Go. It prints a line of JSON for each
// iteration: what an element has taken in nanoseconds, in CPU time of the process, and in bytes allocated.
package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"runtime"
	"syscall"
	"time"
)

// exitUnsupported is the exit code if Go cannot do the workload; why not is printed.
const exitUnsupported = 3

// figures is what one iteration has shown, for one element. Bytes is null if it was not measured.
type figures struct {
	Nanos    float64  `json:"nanos"`
	CPUNanos float64  `json:"cpuNanos"`
	Bytes    *float64 `json:"bytes"`
}

// meter measures the part of a workload that lies between start and stop.
type meter struct {
	elapsed, cpu time.Duration
	bytes        int64
	measured     bool
	began        time.Time
	cpuBefore    time.Duration
}

func (m *meter) start() {
	m.cpuBefore = cpuTime()
	m.began = time.Now()
}

func (m *meter) stop() {
	m.elapsed += time.Since(m.began)
	m.cpu += cpuTime() - m.cpuBefore
}

// addBytes counts bytes that the workload has cost.
func (m *meter) addBytes(bytes int64) {
	m.bytes += bytes
	m.measured = true
}

func cpuTime() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		fail("getrusage: %v", err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

func allocated() int64 {
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return int64(stats.TotalAlloc)
}

// retained is what is in use after a collection, stacks included.
func retained() int64 {
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return int64(stats.HeapAlloc + stats.StackInuse)
}

func fail(format string, args ...any) {
	fmt.Fprintf(os.Stderr, format+"\n", args...)
	os.Exit(1)
}

// iterate does the workload until the time is over, at least once.
func iterate(run workload, elements int, atLeast time.Duration) figures {
	var m meter
	runs := 0
	for begin := time.Now(); runs == 0 || time.Since(begin) < atLeast; runs++ {
		run(&m, elements)
	}
	n := float64(runs) * float64(elements)
	f := figures{Nanos: float64(m.elapsed) / n, CPUNanos: float64(m.cpu) / n}
	if m.measured {
		bytes := float64(m.bytes) / n
		f.Bytes = &bytes
	}
	return f
}

func main() {
	id := flag.String("workload", "", "the id of the workload")
	elements := flag.Int("elements", 1, "how many elements")
	warmups := flag.Int("warmups", 0, "how many iterations to throw away")
	iterations := flag.Int("iterations", 1, "how many iterations to print")
	iteration := flag.Duration("iteration", time.Second, "how long one of either is at least")
	flag.Parse()

	run, err := find(*id)
	var reason unsupported
	if errors.As(err, &reason) {
		fmt.Fprintln(os.Stderr, reason)
		os.Exit(exitUnsupported)
	}
	if err != nil {
		fail("%v", err)
	}
	for i := 0; i < *warmups; i++ {
		iterate(run, *elements, *iteration)
	}
	out := json.NewEncoder(os.Stdout)
	for i := 0; i < *iterations; i++ {
		if err := out.Encode(iterate(run, *elements, *iteration)); err != nil {
			fail("%v", err)
		}
	}
}
