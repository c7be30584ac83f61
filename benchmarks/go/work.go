package main

import (
	"math"
	"time"
)

const (
	trials     = 200
	trialSteps = 20_000
	never      = 0x5eed_0fda_7a5e_0001
)

// workOn keeps a core busy for so many steps, the same ones as Runnel's class Work, and gives the element back.
func workOn(element, steps int) int {
	state := int64(element)
	for i := 0; i < steps; i++ {
		state = state*6364136223846793005 + 1442695040888963407
	}
	// It is never that, which no compiler can know: none can leave out the steps.
	if state == never {
		return -1
	}
	return element
}

// stepsOf is how many steps of work take so many nanoseconds on a core that does nothing else.
func stepsOf(nanos int) int {
	fastest := time.Duration(math.MaxInt64)
	for i := 0; i < trials; i++ {
		begin := time.Now()
		if workOn(i, trialSteps) != i {
			fail("the work gave back another element")
		}
		fastest = min(fastest, time.Since(begin))
	}
	return max(1, int(math.Round(float64(nanos)*trialSteps/float64(fastest))))
}
