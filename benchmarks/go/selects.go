package main

import "time"

// Timeouts that never fire.
const long = time.Hour

func channels(count, capacity int) []chan int {
	all := make([]chan int, count)
	for i := range all {
		all[i] = make(chan int, capacity)
	}
	return all
}

func selectAll(count, elements int, receiveAny func([]chan int) int) {
	all := channels(count, 0)
	for _, ch := range all {
		go send(ch, elements/count)
	}
	sum := 0
	for i := 0; i < elements; i++ {
		sum += receiveAny(all)
	}
	check(sum, count, elements/count)
}

func selectReady(count, elements int) {
	all := channels(count, 1)
	receiveAny := receiveAny(count)
	sum := 0
	for i := 0; i < elements; i++ {
		all[i%count] <- element(i)
		sum += receiveAny(all)
	}
	check(sum, 1, elements)
}

func selectOtherwise(count, turns int) {
	all := channels(count, 0)
	tryReceiveAny := tryReceiveAny(count)
	none := 0
	for i := 0; i < turns; i++ {
		if !tryReceiveAny(all) {
			none++
		}
	}
	checkCount(none, turns)
}

func selectSend(count, elements int) {
	all := channels(count, 0)
	sums := make(chan int, count)
	for _, ch := range all {
		go func(ch <-chan int) {
			sum := 0
			for element := range ch {
				sum += element
			}
			sums <- sum
		}(ch)
	}
	sendAny := sendAny(count)
	for i := 0; i < elements; i++ {
		sendAny(all, element(i))
	}
	sum := 0
	for _, ch := range all {
		close(ch)
	}
	for range all {
		sum += <-sums
	}
	check(sum, 1, elements)
}

func selectBoth(pairs, elements int) {
	ch := make(chan int)
	done := make(chan int)
	sums := make(chan int, pairs)
	for range pairs {
		go func() {
			for i := 0; i < elements/pairs; i++ {
				select {
				case ch <- element(i):
				case <-done:
				}
			}
		}()
		go func() {
			sum := 0
			for i := 0; i < elements/pairs; i++ {
				select {
				case element := <-ch:
					sum += element
				case element := <-done:
					sum += element
				}
			}
			sums <- sum
		}()
	}
	sum := 0
	for range pairs {
		sum += <-sums
	}
	check(sum, pairs, elements/pairs)
}

func receiveAny(count int) func([]chan int) int {
	switch count {
	case 2:
		return receiveAny2
	case 5:
		return receiveAny5
	default:
		return receiveAny50
	}
}

func receiveAnyInTime(count int) func([]chan int) int {
	switch count {
	case 2:
		return receiveAnyInTime2
	case 5:
		return receiveAnyInTime5
	default:
		return receiveAnyInTime50
	}
}

func tryReceiveAny(count int) func([]chan int) bool {
	switch count {
	case 2:
		return tryReceiveAny2
	case 5:
		return tryReceiveAny5
	default:
		return tryReceiveAny50
	}
}

func sendAny(count int) func([]chan int, int) {
	switch count {
	case 2:
		return sendAny2
	case 5:
		return sendAny5
	default:
		return sendAny50
	}
}
