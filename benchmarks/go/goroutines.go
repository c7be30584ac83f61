package main

import (
	"sync"
	"sync/atomic"
)

func start(goroutines int) {
	var started sync.WaitGroup
	started.Add(goroutines)
	for i := 0; i < goroutines; i++ {
		go started.Done()
	}
	started.Wait()
}

func waitGroup(goroutines int) {
	var arrived, passed sync.WaitGroup
	arrived.Add(goroutines)
	passed.Add(goroutines)
	for i := 0; i < goroutines; i++ {
		go func() {
			arrived.Done()
			arrived.Wait()
			passed.Done()
		}()
	}
	passed.Wait()
}

// park starts goroutines that wait for a channel to be closed. It returns what wakes them and waits until each has
// ended.
func park(goroutines int) (wake func()) {
	gate := make(chan int)
	var waiting, ended sync.WaitGroup
	var woken atomic.Int64
	waiting.Add(goroutines)
	ended.Add(goroutines)
	for i := 0; i < goroutines; i++ {
		go func() {
			waiting.Done()
			if _, ok := <-gate; !ok {
				woken.Add(1)
			}
			ended.Done()
		}()
	}
	waiting.Wait()
	return func() {
		close(gate)
		ended.Wait()
		checkCount(int(woken.Load()), goroutines)
	}
}

func measurePark(m *meter, goroutines int) {
	before := retained()
	m.start()
	wake := park(goroutines)
	m.stop()
	m.addBytes(retained() - before)
	wake()
}

func measureWake(m *meter, goroutines int) {
	wake := park(goroutines)
	m.start()
	wake()
	m.stop()
}
