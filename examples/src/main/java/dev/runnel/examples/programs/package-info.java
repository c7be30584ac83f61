/** Complete programs, one for each use of goroutines that the documents name without showing it. */
@NullMarked
package dev.runnel.examples.programs;

import org.jspecify.annotations.NullMarked;
