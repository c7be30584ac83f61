/**
 * Go's concurrency for Java: channels, {@code select}, wait groups and goroutines, on virtual threads; and what Go has
 * for their lifetimes: contexts, groups of tasks, timers and tickers. {@link dev.runnel.Go} has the statements, {@link
 * dev.runnel.Chan} the channels.
 */
@NullMarked
package dev.runnel;

import org.jspecify.annotations.NullMarked;
