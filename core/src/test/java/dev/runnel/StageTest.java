package dev.runnel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.runnel.patterns.Mapper;
import dev.runnel.patterns.Stage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rules of a stage: each value once, so many at a time, in order or not, and an end that tells why. */
class StageTest {

    @RegisterExtension
    final Goroutines goroutines = new Goroutines();

    private final CancelContext context = Context.background().withCancel();

    @AfterEach
    void nothingIsLeft() {
        Patterns.assertNoneLeft(context);
    }

    /** The two kinds of stages, in what they have in common. */
    enum Kind {
        ANY_ORDER, ORDERED;

        <A, B> ReceiveChan<B> map(Context context, ReceiveChan<? extends A> in, int workers, Mapper<A, B> mapper) {
            return this == ORDERED
                    ? Stage.mapOrdered(context, in, workers, mapper)
                    : Stage.map(context, in, workers, mapper);
        }
    }

    private static Chan<Integer> numbers(int n) {
        return Patterns.of(IntStream.range(0, n).boxed().toArray(Integer[]::new));
    }

    @ParameterizedTest
    @EnumSource
    void map_manyValues_mapsEachOnce(Kind kind) {
        int values = Effort.times(2_000, 1_000_000);
        for (int workers : new int[] {1, 2, 7}) {
            Set<Integer> results = new TreeSet<>();
            for (int result : kind.map(context, numbers(values), workers, (Integer n) -> -n)) {
                assertTrue(results.add(result));
            }
            assertEquals(values, results.size());
            assertEquals(0, results.stream().mapToInt(n -> n).max().orElseThrow());
        }
    }

    @Test
    void mapOrdered_workersOfUnequalSpeed_keepsTheOrder() {
        for (int workers : new int[] {1, 2, 3, 16}) {
            int values = Effort.times(1_000, 200_000);
            List<Integer> results = new ArrayList<>();
            Stage.<Integer, Integer>mapOrdered(context, numbers(values), workers, n -> {
                for (int i = n % 7; i > 0; i--) {
                    Thread.yield();
                }
                return n;
            }).forEach(results::add);
            assertEquals(IntStream.range(0, values).boxed().toList(), results);
        }
    }

    @Test
    void map_oneWorker_keepsTheOrder() {
        List<Integer> results = new ArrayList<>();
        Stage.map(context, numbers(100), 1, n -> n).forEach(results::add);
        assertEquals(IntStream.range(0, 100).boxed().toList(), results);
    }

    @Test
    void map_oneTakesLong_othersOvertakeIt() throws Exception {
        Chan<Integer> release = Chan.make();
        ReceiveChan<Integer> results = Stage.map(context, numbers(5), 2, n -> {
            if (n == 0) {
                release.receive();
            }
            return n;
        });
        Set<Integer> others = new TreeSet<>();
        for (int i = 0; i < 4; i++) {
            others.add(results.receive());
        }
        assertEquals(Set.of(1, 2, 3, 4), others);
        release.close();
        assertEquals(0, results.receive());
        assertNull(results.receive());
    }

    /** The first takes long: the others go on until the limit is reached, and no further. */
    @Test
    void mapOrdered_oneTakesLong_othersWaitFinishedUpToTheBound() throws Exception {
        for (int workers = 1; workers <= 5; workers++) {
            int all = workers;
            Chan<Integer> in = numbers(100);
            Chan<Integer> release = Chan.make();
            AtomicInteger finished = new AtomicInteger();
            ReceiveChan<Integer> results = Stage.mapOrdered(context, in, workers, n -> {
                if (n == 0) {
                    release.receive();
                }
                finished.incrementAndGet();
                return n;
            });
            Await.until(() -> in.size() == 100 - 2 * all, () -> 2 * all + " to be taken; left are " + in.size());
            Await.until(() -> finished.get() == Math.max(0, 2 * all - 2), () -> "all but two; " + finished);
            release.close();
            for (int i = 0; i < 100; i++) {
                assertEquals(i, results.receive());
            }
            assertNull(results.receive());
        }
    }

    @ParameterizedTest
    @EnumSource
    void map_runsAsManyAtOnceAsThereAreWorkers(Kind kind) throws Exception {
        Chan<Integer> release = Chan.make();
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        ReceiveChan<Integer> results = kind.map(context, numbers(50), 4, (Integer n) -> {
            most.accumulateAndGet(running.incrementAndGet(), Math::max);
            release.receive();
            running.decrementAndGet();
            return n;
        });
        Await.until(() -> running.get() == 4, () -> "four to run");
        release.close();
        assertEquals(50, Patterns.readToTheEnd(results, context));
        assertEquals(4, most.get());
    }

    @Test
    void map_nobodyReads_takesNoMoreThanThereAreWorkers() {
        Chan<Integer> in = numbers(50);
        ReceiveChan<Integer> results = Stage.map(context, in, 4, n -> n);
        Await.senders((Chan<?>) results, 4);
        assertEquals(46, in.size());
        context.cancel();
    }

    // Ends.

    @ParameterizedTest
    @EnumSource
    void map_nothingComes_isClosed(Kind kind) throws Exception {
        ReceiveChan<Integer> results = kind.map(context, numbers(0), 3, (Integer n) -> n);
        assertNull(results.receive());
    }

    @ParameterizedTest
    @EnumSource
    void map_inputClosedWithACause_endsWithItAfterAllResults(Kind kind) throws Exception {
        IOException cause = new IOException("cause");
        Chan<Integer> in = Chan.make(10);
        in.sendAll(List.of(0, 1, 2, 3));
        in.close(cause);
        Chan<Integer> release = Chan.make();
        ReceiveChan<Integer> results = kind.map(context, in, 8, (Integer n) -> {
            release.receive(); // the end is found before anything is done
            return n;
        });
        Await.until(in::isDrained, () -> "the end");
        Await.receivers(release, 4);
        release.close();
        for (int i = 0; i < 4; i++) {
            results.receive();
        }
        assertSame(cause, assertThrows(ChanClosedException.class, results::receive).getCause());
    }

    @ParameterizedTest
    @EnumSource
    void map_functionFails_stopsTheOthersAndEndsWithIt(Kind kind) throws Exception {
        for (Throwable failure : List.of(new IOException("checked"), new AssertionError("error"),
                new ChanClosedException("of another channel", new IOException()), new InterruptedException())) {
            Chan<Integer> in = Chan.make(10);
            in.sendAll(List.of(1, 2, 3, 0)); // and stays open
            AtomicInteger stopped = new AtomicInteger();
            WaitGroup begun = new WaitGroup();
            begun.add(3);
            ReceiveChan<Integer> results = kind.map(context, in, 4, (Integer n) -> {
                if (n == 0) {
                    begun.await();
                    sneak(failure);
                }
                begun.done();
                try {
                    return Chan.<Integer>absent().receive();
                } finally {
                    stopped.incrementAndGet();
                }
            });
            assertSame(failure, assertThrows(ChanClosedException.class, results::receive).getCause());
            assertEquals(3, stopped.get());
            assertEquals(0, Waiting.receivers(in));
            assertNull(context.err());
        }
    }

    private static void sneak(Throwable failure) throws Exception {
        if (failure instanceof Error error) {
            throw error;
        }
        throw (Exception) failure;
    }

    @ParameterizedTest
    @EnumSource
    void map_functionGivesNull_isAFailure(Kind kind) {
        ReceiveChan<Integer> results = kind.map(context, numbers(10), 2, (Integer n) -> null);
        Throwable cause = assertThrows(ChanClosedException.class, results::receive).getCause();
        assertEquals(NullPointerException.class, cause.getClass());
        assertEquals("the function has given null, which no channel can have: end the stage by an exception, or give a"
                + " value that tells of there being none", cause.getMessage());
    }

    @ParameterizedTest
    @EnumSource
    void map_cancelled_interruptsTheFunctionAndEnds(Kind kind) throws Exception {
        Chan<Integer> begun = Chan.make(3);
        ReceiveChan<Integer> results = kind.map(context, numbers(10), 3, (Integer n) -> {
            begun.send(n);
            return Chan.<Integer>absent().receive();
        });
        Await.until(() -> begun.size() == 3, () -> "three to begin");
        context.cancel(new IOException("why"));
        Patterns.assertCancelled(context, assertThrows(ChanClosedException.class, results::receive));
    }

    /** A function that makes nothing of an interruption must not leave its goroutine behind. */
    @ParameterizedTest
    @EnumSource
    void map_functionSwallowsTheInterruption_endsAllTheSame(Kind kind) throws Exception {
        WaitGroup running = new WaitGroup();
        running.add(2);
        ReceiveChan<Integer> results = kind.map(context, numbers(10), 1, (Integer n) -> {
            running.done();
            try {
                return Chan.<Integer>absent().receive();
            } catch (InterruptedException e) {
                running.done();
                return n;
            }
        });
        Await.until(() -> running.toString().contains("=1"), () -> "the function to run");
        context.cancel();
        running.await();
        Await.until(results::isDrained, () -> "the close");
        Patterns.assertCancelled(context, assertThrows(ChanClosedException.class, results::receive));
    }

    @ParameterizedTest
    @EnumSource
    void map_cancelledAtAnyTime_leavesNothing(Kind kind) throws Exception {
        for (int round = 0; round < Effort.times(1_000, 100_000); round++) {
            try (CancelContext sub = context.withCancel()) {
                Set<Integer> mapped = ConcurrentHashMap.newKeySet();
                ReceiveChan<Integer> results = kind.map(sub, numbers(6), 2, (Integer n) -> {
                    assertTrue(mapped.add(n));
                    return n;
                });
                var cancelling = goroutines.call(() -> {
                    sub.cancel();
                    return null;
                });
                int received = Patterns.readToTheEnd(results, sub);
                assertTrue(received <= mapped.size());
                cancelling.get();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void map_badInput_saysWhatIsWrong(Kind kind) {
        Chan<Integer> in = Chan.make();
        assertEquals("the context is null",
                assertThrows(NullPointerException.class, () -> kind.map(null, in, 1, n -> n)).getMessage());
        assertEquals("the input is null: Chan.absent() is a channel on which nothing comes",
                assertThrows(NullPointerException.class, () -> kind.map(context, null, 1, n -> n)).getMessage());
        assertEquals("the function is null",
                assertThrows(NullPointerException.class, () -> kind.map(context, in, 1, null)).getMessage());
        assertEquals("workers 0: give 1 or more, or nobody applies the function",
                assertThrows(IllegalArgumentException.class, () -> kind.map(context, in, 0, n -> n)).getMessage());
    }

    /** Its result is not wanted any more, though the context that the stage was given is not done. */
    @ParameterizedTest
    @EnumSource
    void map_anotherFailsAndFunctionSwallowsTheInterruption_endsWithTheFailure(Kind kind) throws Exception {
        IOException failure = new IOException("failure");
        WaitGroup begun = new WaitGroup();
        begun.add(1);
        ReceiveChan<Integer> results = kind.map(context, numbers(10), 2, (Integer n) -> {
            if (n != 0) {
                begun.await();
                throw failure;
            }
            begun.done();
            try {
                return Chan.<Integer>absent().receive();
            } catch (InterruptedException e) {
                return n;
            }
        });
        assertSame(failure, assertThrows(ChanClosedException.class, results::receive).getCause());
        assertNull(context.err());
    }
}
