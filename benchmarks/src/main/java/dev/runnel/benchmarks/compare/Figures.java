package dev.runnel.benchmarks.compare;

/**
 * What one iteration has shown, all of it for one element.
 *
 * @param nanos the time
 * @param cpuNanos the CPU time of the process
 * @param bytes what was allocated, or retained if goroutines were parked; null if it was not measured
 */
record Figures(double nanos, double cpuNanos, Double bytes) {}
