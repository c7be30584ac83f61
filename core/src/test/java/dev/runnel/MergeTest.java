package dev.runnel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.runnel.patterns.Merge;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Rules of a merge: every value once, each input's in its order, and an end that tells why. */
class MergeTest {

    @RegisterExtension
    final Goroutines goroutines = new Goroutines();

    private final CancelContext context = Context.background().withCancel();

    @AfterEach
    void nothingIsLeft() {
        Patterns.assertNoneLeft(context);
    }

    @Test
    void merge_severalInputs_givesEachValueOnceAndEachInputInItsOrder() {
        int inputs = 10;
        int values = Effort.times(300, 100_000);
        List<ReceiveChan<Integer>> all = new ArrayList<>();
        for (int i = 0; i < inputs; i++) {
            Chan<Integer> chan = Chan.make(i);
            int base = i * values;
            goroutines.go(() -> {
                for (int n = 0; n < values; n++) {
                    chan.send(base + n);
                }
                chan.close();
            });
            all.add(chan);
        }
        int[] next = new int[inputs];
        for (int value : Merge.<Integer>merge(context, all)) {
            assertEquals(next[value / values]++, value % values);
        }
        assertEquals(inputs * values, Arrays.stream(next).sum());
    }

    @Test
    void merge_ofSubtypes_givesTheirCommonType() throws Exception {
        Chan<Integer> ints = Patterns.of(1);
        Chan<Long> longs = Patterns.of();
        ReceiveChan<Number> merged = Merge.merge(context, ints, longs);
        assertEquals(1, merged.receive());
        assertNull(merged.receive());
    }

    @Test
    void merge_noInputs_isClosedAtOnce() throws Exception {
        assertNull(Merge.merge(context, List.<Chan<Integer>>of()).receive());
        assertNull(Merge.<Integer>merge(context).receive());
    }

    @Test
    void merge_inputTwice_givesItsValuesOnce() {
        Chan<Integer> chan = Patterns.of(1, 2, 3);
        List<Integer> values = new ArrayList<>();
        Merge.merge(context, chan, chan).forEach(values::add);
        values.sort(null);
        assertEquals(List.of(1, 2, 3), values);
    }

    @Test
    void merge_absentInput_neverEndsUntilCancelled() throws Exception {
        ReceiveChan<Integer> merged = Merge.merge(context, Patterns.of(1), Chan.<Integer>absent());
        assertEquals(1, merged.receive());
        var waiting = goroutines.call(merged::receive);
        Await.receivers((Chan<?>) merged, 1);
        context.cancel();
        Patterns.assertCancelled(context, waiting.failure());
    }

    @Test
    void merge_collectionChangedAfterwards_isACopy() throws Exception {
        List<Chan<Integer>> inputs = new ArrayList<>(List.of(Patterns.of(1)));
        ReceiveChan<Integer> merged = Merge.merge(context, inputs);
        inputs.clear();
        assertEquals(1, merged.receive());
        assertNull(merged.receive());
    }

    @Test
    void merge_inputClosedWithACause_endsWithItAfterItsValues() throws Exception {
        IOException cause = new IOException("cause");
        Chan<Integer> failing = Chan.make(2);
        failing.sendAll(List.of(1, 2));
        failing.close(cause);
        Chan<Integer> endless = Chan.make();
        ReceiveChan<Integer> merged = Merge.merge(context, failing, endless);
        assertEquals(1, merged.receive());
        assertEquals(2, merged.receive());
        assertSame(cause, assertThrows(ChanClosedException.class, merged::receive).getCause());
        assertEquals(0, Waiting.receivers(endless), "all others have ended before it is closed");
        assertTrue(merged.isDrained());
        assertNull(context.err());
    }

    /** A cause that looks like the merge's own end. */
    @Test
    void merge_inputClosedBecauseOfAnotherContext_endsWithThat() throws Exception {
        CancelContext other = Context.background().withCancel();
        ReceiveChan<Integer> inner = Merge.merge(other, Chan.<Integer>make());
        ReceiveChan<Integer> merged = Merge.merge(context, inner, Chan.<Integer>make());
        other.cancel();
        Patterns.assertCancelled(other, assertThrows(ChanClosedException.class, merged::receive));
    }

    @Test
    void merge_cancelledWhileItWaitsToReceiveAndToSend_ends() throws Exception {
        Chan<Integer> silent = Chan.make();
        ReceiveChan<Integer> merged = Merge.merge(context, silent, Patterns.of(1));
        Await.receivers(silent, 1);
        Await.senders((Chan<?>) merged, 1);
        context.cancel(new IOException("why"));
        Await.until(merged::isDrained, () -> "the close");
        Patterns.assertCancelled(context, assertThrows(ChanClosedException.class, merged::receive));
    }

    @Test
    void merge_contextDoneBefore_takesNothing() throws Exception {
        context.cancel();
        Chan<Integer> input = Patterns.of(1);
        ReceiveChan<Integer> merged = Merge.merge(context, input);
        Patterns.assertCancelled(context, assertThrows(ChanClosedException.class, merged::receive));
        assertEquals(1, input.receive());
    }

    @Test
    void merge_cancelledAtAnyTime_leavesNothing() throws Exception {
        for (int round = 0; round < Effort.times(1_000, 100_000); round++) {
            try (CancelContext sub = context.withCancel()) {
                ReceiveChan<Integer> merged = Merge.merge(sub, Patterns.of(1, 2, 3), Patterns.of(4, 5, 6));
                var cancelling = goroutines.call(() -> {
                    sub.cancel();
                    return null;
                });
                int received = Patterns.readToTheEnd(merged, sub);
                assertTrue(received <= 6);
                cancelling.get();
            }
        }
    }

    @Test
    void merge_badInput_saysWhatIsWrong() {
        Chan<Integer> chan = Chan.make();
        assertEquals("the context is null",
                assertThrows(NullPointerException.class, () -> Merge.merge(null, chan)).getMessage());
        assertEquals("the array of inputs is null",
                assertThrows(NullPointerException.class,
                        () -> Merge.<Integer>merge(context, (ReceiveChan<Integer>[]) null)).getMessage());
        assertEquals("the collection of inputs is null",
                assertThrows(NullPointerException.class,
                        () -> Merge.<Integer>merge(context, (Collection<Chan<Integer>>) null)).getMessage());
        assertEquals("input 1 is null: Chan.absent() is a channel on which nothing comes",
                assertThrows(NullPointerException.class, () -> Merge.merge(context, chan, null, chan)).getMessage());
    }
}
