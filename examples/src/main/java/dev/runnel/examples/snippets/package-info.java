/**
 * The snippets of the five documents, each a program of its own that can be laid beside its Go code. A class is named
 * by the snippet's id: {@code S001_7_Select} is 001-7.
 */
@NullMarked
package dev.runnel.examples.snippets;

import org.jspecify.annotations.NullMarked;
