package main

import (
	"fmt"
	"strconv"
	"strings"
)

// workload moves so many elements, and measures what it is about.
type workload func(m *meter, elements int)

// whole makes a workload of which everything is measured.
func whole(run func(elements int)) workload {
	return func(m *meter, elements int) {
		before := allocated()
		m.start()
		run(elements)
		m.stop()
		m.addBytes(allocated() - before)
	}
}

// unsupported says why Go cannot do a workload.
type unsupported string

func (u unsupported) Error() string {
	return string(u)
}

// find finds the workload that Runnel's catalog has under this id: words, then numbers.
func find(id string) (workload, error) {
	var words []string
	var p []int
	for _, part := range strings.Split(id, "-") {
		if number, err := strconv.Atoi(part); err == nil {
			p = append(p, number)
		} else {
			words = append(words, part)
		}
	}
	name := strings.Join(words, "-")
	p = append(p, 0, 0, 0)
	switch name {
	case "transfer":
		return whole(func(n int) { transfer(p[0], p[1], p[2], n) }), nil
	case "work":
		steps := stepsOf(p[0])
		return whole(func(n int) { work(steps, p[1], p[2], n) }), nil
	case "ping-pong":
		return whole(pingPong), nil
	case "fill-and-drain":
		return whole(func(n int) { fillAndDrain(p[0], n/2) }), nil
	case "pipeline":
		return whole(func(n int) { pipeline(p[0], n/p[0]) }), nil
	case "sieve":
		return whole(sieve), nil
	case "workers":
		return whole(func(n int) { workers(p[0], n) }), nil
	case "select":
		return whole(func(n int) { selectAll(p[0], n, receiveAny(p[0])) }), nil
	case "select-timeout":
		return whole(func(n int) { selectAll(p[0], n, receiveAnyInTime(p[0])) }), nil
	case "select-ready":
		return whole(func(n int) { selectReady(p[0], n) }), nil
	case "select-otherwise":
		return whole(func(n int) { selectOtherwise(p[0], n) }), nil
	case "select-send":
		return whole(func(n int) { selectSend(p[0], n) }), nil
	case "select-both":
		return whole(func(n int) { selectBoth(p[0], n) }), nil
	case "try":
		return whole(func(n int) { tryFailing(p[0], n) }), nil
	case "start":
		return whole(start), nil
	case "wait-group":
		return whole(waitGroup), nil
	case "pattern-merge":
		return whole(func(n int) { patternMerge(p[0], n) }), nil
	case "pattern-map":
		return whole(func(n int) { patternMap(p[0], n) }), nil
	case "pattern-map-ordered":
		return whole(func(n int) { patternMapOrdered(p[0], n) }), nil
	case "pattern-batch":
		return whole(func(n int) { patternBatch(p[0], n) }), nil
	case "pattern-broadcast":
		return whole(func(n int) { patternBroadcast(p[0], n) }), nil
	case "pattern-rate-limit":
		return nil, unsupported("its standard library has no rate limit")
	case "pattern-retry":
		return nil, unsupported("its standard library has no retry")
	case "park":
		return measurePark, nil
	case "wake", "close":
		return measureWake, nil
	}
	return nil, fmt.Errorf("no workload %q", id)
}

const distinct = 1024

// element is the i-th element that somebody sends.
func element(i int) int {
	return i & (distinct - 1)
}

// check ends the program if elements were lost or doubled.
func check(received, senders, each int) {
	whole, rest := each/distinct, each%distinct
	expected := senders * (whole*distinct*(distinct-1)/2 + rest*(rest-1)/2)
	if received != expected {
		fail("elements lost or doubled: sum %d in place of %d", received, expected)
	}
}

// checkCount ends the program if not everything has happened.
func checkCount(actual, expected int) {
	if actual != expected {
		fail("it gave %d in place of %d", actual, expected)
	}
}
