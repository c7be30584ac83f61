package dev.runnel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.runnel.patterns.Batch;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Rules of batches: full ones, those whose time is over, and the rest. */
class BatchTest {

    private static final Duration LONG = Duration.ofHours(1);
    private static final Duration SHORT = Duration.ofMillis(5);

    @RegisterExtension
    final Goroutines goroutines = new Goroutines();

    private final CancelContext context = Context.background().withCancel();

    @AfterEach
    void nothingIsLeft() {
        Patterns.assertNoneLeft(context);
    }

    private static Chan<Integer> numbers(int n) {
        return Patterns.of(IntStream.range(0, n).boxed().toArray(Integer[]::new));
    }

    @Test
    void batch_enoughValues_givesFullOnesAndTheRest() {
        for (int size = 1; size <= 8; size++) {
            List<Integer> values = new ArrayList<>();
            List<Integer> sizes = new ArrayList<>();
            for (List<Integer> batch : Batch.<Integer>batch(context, numbers(21), size, LONG)) {
                values.addAll(batch);
                sizes.add(batch.size());
            }
            assertEquals(IntStream.range(0, 21).boxed().toList(), values);
            int rest = sizes.removeLast();
            int full = size;
            assertTrue(sizes.stream().allMatch(n -> n == full));
            assertEquals(21 % size == 0 ? size : 21 % size, rest);
        }
    }

    /** From a buffer several values are taken at once: never more than a list has room for. */
    @Test
    void batch_buffered_givesFullOnesAndTheRest() throws Exception {
        for (int size : new int[] {1, 2, 31, 32, 33, 34, 70, 100, 101}) {
            Chan<Integer> in = Chan.make(100);
            in.sendAll(IntStream.range(0, 100).boxed().toList());
            in.close();
            int next = 0;
            for (List<Integer> batch : Batch.<Integer>batch(context, in, size, LONG)) {
                int end = Math.min(next + size, 100);
                assertEquals(IntStream.range(next, end).boxed().toList(), batch);
                next = end;
            }
            assertEquals(100, next);
        }
    }

    @Test
    void batch_full_isGivenWithoutMore() throws Exception {
        Chan<Integer> in = Chan.make();
        ReceiveChan<List<Integer>> batches = Batch.batch(context, in, 2, LONG);
        for (int i = 0; i < 10; i += 2) {
            in.send(i);
            in.send(i + 1);
            assertEquals(List.of(i, i + 1), batches.receive());
        }
        in.close();
        assertNull(batches.receive());
    }

    /** Several times, so that each has a time of its own. */
    @Test
    void batch_timeOver_givesWhatThereIsButNotEarlier() throws Exception {
        Chan<Integer> in = Chan.make();
        ReceiveChan<List<Integer>> batches = Batch.batch(context, in, 3, SHORT);
        for (int i = 0; i < 5; i++) {
            long start = System.nanoTime();
            in.send(i);
            assertEquals(List.of(i), batches.receive());
            assertTrue(System.nanoTime() - start >= SHORT.toNanos());
        }
        context.cancel();
    }

    /** The time is that of the first value, and values that are always there do not put it off. */
    @Test
    void batch_valuesAlwaysThere_timeIsThatOfTheFirst() throws Exception {
        ReceiveChan<List<Integer>> batches =
                Batch.batch(context, numbers(100_000), Integer.MAX_VALUE, Duration.ofNanos(1));
        assertTrue(batches.receive().size() < 100_000);
        context.cancel();
    }

    @Test
    void batch_lists_areTheReceivers() throws Exception {
        ReceiveChan<List<Integer>> batches = Batch.batch(context, numbers(4), 2, LONG);
        List<Integer> first = batches.receive();
        first.clear();
        assertEquals(List.of(2, 3), batches.receive());
        assertEquals(List.of(), first);
        assertNull(batches.receive());
    }

    @Test
    void batch_nothingComes_isClosed() throws Exception {
        assertNull(Batch.batch(context, numbers(0), 2, SHORT).receive());
    }

    @Test
    void batch_inputClosedWithACause_endsWithItAfterTheRest() throws Exception {
        IOException cause = new IOException("cause");
        for (int n = 0; n <= 4; n++) {
            Chan<Integer> in = Chan.make(4);
            in.sendAll(IntStream.range(0, n).boxed().toList());
            in.close(cause);
            ReceiveChan<List<Integer>> batches = Batch.batch(context, in, 2, LONG);
            List<Integer> values = new ArrayList<>();
            while (values.size() < n) {
                values.addAll(batches.receive());
            }
            assertSame(cause, assertThrows(ChanClosedException.class, batches::receive).getCause());
        }
    }

    @Test
    void batch_cancelledWithHalfABatch_losesIt() throws Exception {
        Chan<Integer> in = Chan.make();
        ReceiveChan<List<Integer>> batches = Batch.batch(context, in, 2, LONG);
        in.send(1);
        Await.receivers(in, 1);
        context.cancel(new IOException("why"));
        Patterns.assertCancelled(context, assertThrows(ChanClosedException.class, batches::receive));
    }

    @Test
    void batch_cancelledAtAnyTime_leavesNothing() throws Exception {
        for (int round = 0; round < Effort.times(1_000, 100_000); round++) {
            try (CancelContext sub = context.withCancel()) {
                ReceiveChan<List<Integer>> batches = Batch.batch(sub, numbers(7), 2, LONG);
                var cancelling = goroutines.call(() -> {
                    sub.cancel();
                    return null;
                });
                assertTrue(Patterns.readToTheEnd(batches, sub) <= 4);
                cancelling.get();
            }
        }
    }

    @Test
    void batch_badInput_saysWhatIsWrong() {
        Chan<Integer> in = Chan.make();
        assertEquals("the context is null",
                assertThrows(NullPointerException.class, () -> Batch.batch(null, in, 1, LONG)).getMessage());
        assertEquals("the input is null: Chan.absent() is a channel on which nothing comes",
                assertThrows(NullPointerException.class, () -> Batch.batch(context, null, 1, LONG)).getMessage());
        assertEquals("the time is null",
                assertThrows(NullPointerException.class, () -> Batch.batch(context, in, 1, null)).getMessage());
        assertEquals("size 0: a batch has room for one value at least",
                assertThrows(IllegalArgumentException.class, () -> Batch.batch(context, in, 0, LONG)).getMessage());
        for (Duration time : List.of(Duration.ZERO, Duration.ofNanos(-1))) {
            assertEquals("time " + time + ": give more than zero, or there would be no batches; to take what is there,"
                    + " use drain",
                    assertThrows(IllegalArgumentException.class, () -> Batch.batch(context, in, 1, time)).getMessage());
        }
    }
}
