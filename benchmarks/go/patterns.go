package main

import (
	"sync"
	"time"
)

// Patterns as they are written in Go, which has none in its standard library.

func source(elements int) <-chan int {
	ch := make(chan int)
	go sendAndClose(ch, elements)
	return ch
}

func sendAndClose(ch chan<- int, elements int) {
	send(ch, elements)
	close(ch)
}

func sumOf(ch <-chan int) int {
	sum := 0
	for element := range ch {
		sum += element
	}
	return sum
}

func patternMerge(inputs, elements int) {
	all := make([]<-chan int, inputs)
	for i := range all {
		all[i] = source(elements / inputs)
	}
	check(sumOf(merge(all)), inputs, elements/inputs)
}

func merge(inputs []<-chan int) <-chan int {
	out := make(chan int)
	var open sync.WaitGroup
	open.Add(len(inputs))
	for _, in := range inputs {
		go func() {
			defer open.Done()
			for element := range in {
				out <- element
			}
		}()
	}
	go func() {
		open.Wait()
		close(out)
	}()
	return out
}

func identity(element int) int {
	return element
}

func patternMap(workers, elements int) {
	check(sumOf(mapUnordered(source(elements), workers, identity)), 1, elements)
}

func mapUnordered(in <-chan int, workers int, f func(int) int) <-chan int {
	out := make(chan int)
	var working sync.WaitGroup
	working.Add(workers)
	for w := 0; w < workers; w++ {
		go func() {
			defer working.Done()
			for element := range in {
				out <- f(element)
			}
		}()
	}
	go func() {
		working.Wait()
		close(out)
	}()
	return out
}

func patternMapOrdered(workers, elements int) {
	check(sumOf(mapOrdered(source(elements), workers, identity)), 1, elements)
}

// mapOrdered starts a goroutine for each element, so many at once: those whose results are in the queue, the one whose
// result waits to get into it, and the one whose result is awaited.
func mapOrdered(in <-chan int, workers int, f func(int) int) <-chan int {
	queue := make(chan chan int, workers-2)
	go func() {
		for element := range in {
			result := make(chan int, 1)
			go func() { result <- f(element) }()
			queue <- result
		}
		close(queue)
	}()
	out := make(chan int)
	go func() {
		for result := range queue {
			out <- <-result
		}
		close(out)
	}()
	return out
}

func patternBatch(size, elements int) {
	sum := 0
	for batch := range batches(source(elements), size, time.Second) {
		for _, element := range batch {
			sum += element
		}
	}
	check(sum, 1, elements)
}

func batches(in <-chan int, size int, longest time.Duration) <-chan []int {
	out := make(chan []int)
	go func() {
		timer := time.NewTimer(longest)
		for first := range in {
			timer.Reset(longest)
			out <- fill(append(make([]int, 0, size), first), in, timer.C)
		}
		timer.Stop()
		close(out)
	}()
	return out
}

func fill(batch []int, in <-chan int, over <-chan time.Time) []int {
	for len(batch) < cap(batch) {
		select {
		case element, ok := <-in:
			if !ok {
				return batch
			}
			batch = append(batch, element)
		case <-over:
			return batch
		}
	}
	return batch
}

func patternBroadcast(readers, elements int) {
	each := elements / readers
	in := make(chan int)
	outs := channels(readers, each)
	sums := make(chan int, readers)
	for _, out := range outs {
		go func() { sums <- sumOf(out) }()
	}
	go broadcast(in, outs)
	go sendAndClose(in, each)
	check(receive(sums, readers), readers, each)
}

// broadcast holds nobody up: a reader that has no room misses an element.
func broadcast(in <-chan int, outs []chan int) {
	for element := range in {
		for _, out := range outs {
			select {
			case out <- element:
			default:
			}
		}
	}
	for _, out := range outs {
		close(out)
	}
}
