/**
 * Complete programs: one for each use of goroutines that the documents name without showing it, and some that are made
 * of {@link dev.runnel.patterns}.
 */
@NullMarked
package dev.runnel.examples.programs;

import org.jspecify.annotations.NullMarked;
