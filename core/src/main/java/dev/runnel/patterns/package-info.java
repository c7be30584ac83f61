/**
 * What programs with channels do again and again, made of what {@link dev.runnel} has: channels are merged, mapped, cut
 * into batches and read by many; work is limited to a rate, and tried again.
 *
 * <p>What gives a channel starts goroutines that fill it, under a {@link dev.runnel.Context}. They take a value from
 * their input when there is somebody to take theirs, or a little before that, and they end when the input has: the
 * output is then closed, with the cause that the input was closed with, if it was. Once the context is done they end
 * soon, and the output is closed with a {@link dev.runnel.ContextException} as the cause; what they had in hand is
 * lost. <b>Who stops reading before the end must cancel the context</b>, or goroutines would wait for ever to send.
 *
 * {@snippet file="dev/runnel/snippets/PatternSnippets.java" region="stop-reading"}
 *
 * <p>All that has been started for a channel, but the one who closes it, has ended when it is closed.
 */
@NullMarked
package dev.runnel.patterns;

import org.jspecify.annotations.NullMarked;
