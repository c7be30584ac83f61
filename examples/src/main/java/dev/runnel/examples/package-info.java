/** The examples: how to run them, and what they share. */
@NullMarked
package dev.runnel.examples;

import org.jspecify.annotations.NullMarked;
