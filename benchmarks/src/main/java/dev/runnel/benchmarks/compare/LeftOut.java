package dev.runnel.benchmarks.compare;

/**
 * Something that was not measured.
 *
 * @param row what, or null for all of them
 * @param failed whether it should have been
 */
record LeftOut(Row row, String subject, String reason, boolean failed) {}
