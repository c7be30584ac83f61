package dev.runnel;

import static dev.runnel.Go.select;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.runnel.Goroutines.Started;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Rule: goroutines that wake each other without end do not starve those that are started, or woken from outside of the
 * carriers' pool, on however many carriers. After Go's TestAfterFuncStarvation.
 */
class ChanStarvationTest {

    private static final int PAIRS = 5 * Patience.CARRIERS;

    @RegisterExtension
    final Goroutines goroutines = new Goroutines();

    private final AtomicBoolean over = new AtomicBoolean();

    /** One that waits for others. It is there before those who would starve it. */
    private final Chan<Integer> question = Chan.make();
    private final Chan<Integer> answer = Chan.make();

    @BeforeEach
    void waitForQuestions() {
        Started<Void> answering = goroutines.go(() -> {
            for (Integer value : question) {
                Go.sleep(Duration.ofMillis(1));
                answer.send(value);
            }
        });
        Await.receivers(question, 1);
        Await.parked(answering.thread());
    }

    @AfterEach
    void stop() {
        over.set(true);
    }

    @EveryCapacity
    void pairsThatHandToAndFro_starveNobody(int capacity) throws Exception {
        for (int i = 0; i < PAIRS; i++) {
            Chan<Integer> to = Chan.make(capacity);
            Chan<Integer> fro = Chan.make(capacity);
            goroutines.go(() -> exchange(to, fro));
            goroutines.go(() -> {
                try {
                    for (Integer value : to) {
                        fro.send(value);
                    }
                } finally {
                    fro.close();
                }
            });
        }
        assertNobodyStarves();
        over.set(true);
        goroutines.join();
    }

    private void exchange(Chan<Integer> to, Chan<Integer> fro) throws InterruptedException {
        while (!over.get()) {
            to.send(1);
            fro.receive();
        }
        to.close();
    }

    @EveryCapacity
    void selectsThatHandToAndFro_starveNobody(int capacity) throws Exception {
        Chan<Integer> end = Chan.make();
        for (int i = 0; i < PAIRS; i++) {
            Chan<Integer> to = Chan.make(capacity);
            Chan<Integer> fro = Chan.make(capacity);
            goroutines.go(() -> exchange(to, fro, end));
            goroutines.go(() -> exchange(fro, to, end));
        }
        assertNobodyStarves();
        end.close();
        over.set(true);
        goroutines.join();
    }

    private static void exchange(Chan<Integer> out, Chan<Integer> in, Chan<Integer> end) throws InterruptedException {
        Case<Integer> send = out.onSend(1);
        Case<Integer> receive = in.onReceive();
        Case<Integer> over = end.onReceive();
        while (select(send, receive, over) != over) {
            // on and on
        }
    }

    @EveryCapacity
    void aCrowdAtOneChannel_starvesNobody(int capacity) throws Exception {
        Chan<Integer> chan = Chan.make(capacity);
        WaitGroup sending = new WaitGroup();
        for (int i = 0; i < 10 * PAIRS; i++) {
            sending.add(1);
            goroutines.go(() -> {
                try {
                    while (!over.get()) {
                        chan.send(1);
                    }
                } finally {
                    sending.done();
                }
            });
            goroutines.go(() -> {
                for (Integer value : chan) {
                    // on and on
                }
            });
        }
        assertNobodyStarves();
        over.set(true);
        sending.await();
        chan.close();
        goroutines.join();
    }

    /** Those that are started begin to run, so that not all outer queues are left alone: but others are. */
    @EveryCapacity
    void goroutinesThatStartOthersWithoutEnd_starveNobody(int capacity) throws Exception {
        for (int i = 0; i < PAIRS; i++) {
            Chan<Integer> chan = Chan.make(capacity);
            goroutines.go(() -> {
                while (!over.get()) {
                    Go.go(() -> chan.send(1));
                    chan.receive();
                }
            });
        }
        assertNobodyStarves();
        over.set(true);
        goroutines.join();
    }

    @Test
    void sleepsOfANanosecond_starveNobody() throws Exception {
        assertStarvesNobody(() -> Go.sleep(Duration.ofNanos(1)));
    }

    @Test
    void sleepsOfANanosecondUnderAContext_starveNobody() throws Exception {
        try (CancelContext context = Context.background().withCancel()) {
            assertStarvesNobody(() -> Go.sleep(Duration.ofNanos(1), context));
        }
    }

    private void assertStarvesNobody(Task nap) throws Exception {
        for (int i = 0; i < PAIRS; i++) {
            goroutines.go(() -> {
                while (!over.get()) {
                    nap.run();
                }
            });
        }
        assertAnswers();
        over.set(true);
        goroutines.join();
    }

    /** Lets goroutines be woken, and started, by the clock and by a thread that is none, while others do not rest. */
    private void assertNobodyStarves() throws Exception {
        assertAnswers();
        for (int i = 0; i < 5; i++) {
            CountDownLatch run = new CountDownLatch(2);
            Thread.startVirtualThread(run::countDown);
            Timer.afterFunc(Duration.ofNanos(1), run::countDown);
            Await.until(() -> run.getCount() == 0, () -> "both to run; not yet " + run.getCount());
        }
    }

    private void assertAnswers() throws Exception {
        for (int i = 1; i <= 5; i++) {
            question.send(i);
            assertEquals(i, answer.receive());
        }
        question.close();
    }
}
