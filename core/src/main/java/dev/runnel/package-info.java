/**
 * Go's concurrency for Java: channels, {@code select}, wait groups and goroutines, on virtual threads.
 */
@NullMarked
package dev.runnel;

import org.jspecify.annotations.NullMarked;
