package dev.runnel.benchmarks.compare;

/**
 * Figures, and whose they are.
 *
 * @param round which round it was, from 1
 */
record Sample(Row row, String subject, int round, Figures figures) {}
