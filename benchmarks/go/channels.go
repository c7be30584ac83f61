package main

func send(ch chan<- int, elements int) {
	for i := 0; i < elements; i++ {
		ch <- element(i)
	}
}

func receive(ch <-chan int, elements int) int {
	sum := 0
	for i := 0; i < elements; i++ {
		sum += <-ch
	}
	return sum
}

func forward(from <-chan int, to chan<- int, elements int) {
	for i := 0; i < elements; i++ {
		to <- <-from
	}
}

// total starts so many goroutines and adds up what they give.
func total(goroutines int, f func() int) int {
	sums := make(chan int, goroutines)
	for i := 0; i < goroutines; i++ {
		go func() { sums <- f() }()
	}
	sum := 0
	for i := 0; i < goroutines; i++ {
		sum += <-sums
	}
	return sum
}

func transfer(producers, consumers, capacity, elements int) {
	ch := make(chan int, capacity)
	for p := 0; p < producers; p++ {
		go send(ch, elements/producers)
	}
	sum := total(consumers, func() int { return receive(ch, elements/consumers) })
	check(sum, producers, elements/producers)
}

func work(steps, pairs, capacity, elements int) {
	ch := make(chan int, capacity)
	for p := 0; p < pairs; p++ {
		go send(ch, elements/pairs)
	}
	sum := total(pairs, func() int {
		sum := 0
		for i := 0; i < elements/pairs; i++ {
			sum += workOn(<-ch, steps)
		}
		return sum
	})
	check(sum, pairs, elements/pairs)
}

func pingPong(elements int) {
	there, back := make(chan int), make(chan int)
	go forward(there, back, elements)
	sum := 0
	for i := 0; i < elements; i++ {
		there <- element(i)
		sum += <-back
	}
	check(sum, 1, elements)
}

func fillAndDrain(capacity, elements int) {
	ch := make(chan int, capacity)
	sum := 0
	for begin := 0; begin < elements; begin += capacity {
		for i := begin; i < begin+capacity; i++ {
			ch <- element(i)
		}
		sum += receive(ch, capacity)
	}
	check(sum, 1, elements)
}

func pipeline(stages, elements int) {
	last := make(chan int)
	go send(last, elements)
	for s := 1; s < stages; s++ {
		next := make(chan int)
		go forward(last, next, elements)
		last = next
	}
	check(receive(last, elements), 1, elements)
}

func sieve(limit int) {
	numbers, result := make(chan int), make(chan int)
	go func() {
		for i := 2; i < limit; i++ {
			numbers <- i
		}
		close(numbers)
	}()
	go filter(numbers, 0, result)
	checkCount(<-result, sumOfPrimes(limit))
}

// filter takes the first number, which is a prime, and lets through what that does not divide.
func filter(numbers <-chan int, sumBefore int, result chan<- int) {
	prime, ok := <-numbers
	if !ok {
		result <- sumBefore
		return
	}
	rest := make(chan int)
	go filter(rest, sumBefore+prime, result)
	for number := range numbers {
		if number%prime != 0 {
			rest <- number
		}
	}
	close(rest)
}

func sumOfPrimes(limit int) int {
	sum := 0
	for i := 2; i < limit; i++ {
		prime := true
		for d := 2; prime && d*d <= i; d++ {
			prime = i%d != 0
		}
		if prime {
			sum += i
		}
	}
	return sum
}

func workers(workers, elements int) {
	jobs, results := make(chan int, 10), make(chan int, 10)
	go send(jobs, elements)
	for w := 0; w < workers; w++ {
		go forward(jobs, results, elements/workers)
	}
	check(receive(results, elements), 1, elements)
}

func tryFailing(capacity, tries int) {
	full, empty := make(chan int, capacity), make(chan int, capacity)
	send(full, capacity)
	failed := 0
	for i := 0; i < tries; i += 2 {
		select {
		case full <- element(i):
		default:
			failed++
		}
		select {
		case <-empty:
		default:
			failed++
		}
	}
	checkCount(failed, tries)
}
