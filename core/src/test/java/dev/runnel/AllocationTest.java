package dev.runnel;

import static dev.runnel.Go.after;
import static dev.runnel.Go.otherwise;
import static dev.runnel.Go.select;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What does not block allocates nothing; nor does a select on handles, even if it blocks. */
class AllocationTest {

    private static final int ROUNDS = 20_000;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** What the documentation of {@link CaseSet} says of a case. */
    private static final long CASE_BYTES = 150;

    /** What a round may allocate on average: the rest of what a first call does once. */
    private static final long SLACK = 1;

    @Test
    void sendAndReceive_notBlocking_allocateNothing() throws Throwable {
        Chan<Integer> chan = Chan.make(2);
        assertAllocatesNothing(() -> {
            chan.send(1);
            chan.trySend(2);
            chan.trySend(3);
            chan.receive();
            chan.tryReceive();
            chan.tryReceive();
        });
    }

    /** From one segment to the next, too: the one that has been emptied is there for that. */
    @Test
    void buffers_valuesComeAndGo_allocateNothing() throws Throwable {
        Chan<Integer> growing = Chan.make(Buffer.unbounded());
        for (int i = 0; i < PolicyChan.LENGTH / 2; i++) {
            growing.send(i);
        }
        assertAllocatesNothing(() -> {
            growing.send(1);
            growing.receive();
        });
        for (int capacity : new int[] {1, 2 * PolicyChan.LENGTH}) {
            Chan<Integer> dropping = Chan.make(Buffer.dropOldest(capacity, dropped -> {}));
            for (int i = 0; i < capacity; i++) {
                dropping.send(i);
            }
            assertAllocatesNothing(() -> dropping.send(1));
        }
    }

    @Test
    void receiveFromClosed_allocatesNothing() throws Throwable {
        Chan<Integer> chan = Chan.make(2);
        chan.close();
        assertAllocatesNothing(chan::receive);
    }

    @Test
    void waitGroup_notBlocking_allocatesNothing() throws Throwable {
        WaitGroup group = new WaitGroup();
        assertAllocatesNothing(() -> {
            group.add(2);
            group.done();
            group.done();
            group.await();
        });
    }

    @Test
    void selectOnHandles_ready_allocatesNothing() throws Throwable {
        Chan<Integer> a = Chan.make(1);
        Chan<Integer> b = Chan.make(1);
        Case<Integer> fromA = a.onReceive();
        Case<Integer> fromB = b.onReceive();
        SendCase<Integer> toA = a.onSend();
        Case<Integer> timeout = after(Duration.ofHours(1));
        Case<Integer> otherwise = otherwise();
        assertAllocatesNothing(() -> {
            select(toA.with(1));
            select(fromA, fromB);
            b.send(1);
            select(fromA, fromB, timeout);
            select(fromA, fromB, timeout, otherwise);
        });
    }

    /**
     * A select that parks, on this thread, so that what it allocates is seen. To unpark a virtual thread would, so its
     * partner is none.
     */
    @Test
    void selectOnHandles_blocking_allocatesNothing() throws Throwable {
        Chan<Integer> quiet = Chan.make();
        Chan<Integer> busy = Chan.make();
        Thread sender = Thread.ofPlatform().start(() -> {
            try {
                for (;;) {
                    busy.send(1);
                }
            } catch (InterruptedException e) {
                // enough
            }
        });
        Case<Integer> fromQuiet = quiet.onReceive();
        Case<Integer> fromBusy = busy.onReceive();
        Case<Integer> timeout = after(Duration.ofHours(1));
        assertAllocatesNothing(() -> {
            if (select(fromQuiet, fromBusy) != fromBusy || select(fromQuiet, fromBusy, timeout) != fromBusy) {
                throw new AssertionError();
            }
        });
        sender.interrupt();
        sender.join();
    }

    @Test
    void caseSet_turnWithACaseReady_allocatesNothing() throws Throwable {
        CaseSet<Integer> set = new CaseSet<>();
        Chan<Integer> busy = Chan.make(1);
        for (int i = 0; i < 10; i++) {
            set.add(Chan.<Integer>make(1).onReceive());
        }
        Case<Integer> receive = set.add(busy.onReceive());
        assertAllocatesNothing(() -> {
            busy.send(1);
            if (set.select() != receive) {
                throw new AssertionError();
            }
        });
    }

    /** The first case about a channel, which takes the most. */
    @Test
    void caseSet_add_allocatesWhatItsDocSays() throws Throwable {
        assertAllocates(CASE_BYTES, new Task() {
            private final CaseSet<Integer> set = new CaseSet<>();
            private final Chan<Integer> chan = Chan.make(1);
            private final Case<Integer> receive = chan.onReceive();

            @Override
            public void run() throws Exception {
                set.add(receive);
                set.trySelect();
                set.remove(receive);
            }
        });
    }

    @Test
    void timer_startedAndStopped_allocatesNoMoreThanItself() throws Throwable {
        Duration hour = Duration.ofHours(1);
        assertAllocates(104, () -> {
            Timer timer = Timer.start(hour);
            timer.channel().tryReceive();
            timer.stop();
        });
        Task task = () -> {};
        assertAllocates(100, () -> Timer.afterFunc(hour, task).stop());
    }

    private static void assertAllocatesNothing(Task round) throws Throwable {
        assertAllocates(SLACK, round);
    }

    /** Fails if a round allocates more than so many bytes. */
    private static void assertAllocates(long most, Task round) throws Throwable {
        for (int i = 0; i < ROUNDS; i++) {
            round.run();
        }
        double least = Double.MAX_VALUE;
        for (int attempt = 0; attempt < 5 && least > most; attempt++) { // a lock whose holder was stopped allocates
            long before = THREADS.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < ROUNDS; i++) {
                round.run();
            }
            least = Math.min(least, (double) (THREADS.getCurrentThreadAllocatedBytes() - before) / ROUNDS);
        }
        assertTrue(least <= most, least + " bytes a round");
    }
}
