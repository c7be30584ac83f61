package dev.runnel.benchmarks;

import dev.runnel.benchmarks.Subject.Parked;
import dev.runnel.benchmarks.ThreadSubject.Step;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/** Virtual threads that wait for the same thing. */
final class ParkedThreads implements Parked {

    private final Step release;
    private final CountDownLatch ended;
    private final LongAdder woken = new LongAdder();

    private ParkedThreads(int threads, Step release) {
        this.release = release;
        this.ended = new CountDownLatch(threads);
    }

    /**
     * Starts threads, and returns when the last of them is about to wait.
     *
     * @param launch what starts one
     * @param wait what each does
     * @param release what wakes all of them
     */
    static Parked start(int threads, Consumer<Runnable> launch, Step wait, Step release) throws InterruptedException {
        ParkedThreads parked = new ParkedThreads(threads, release);
        CountDownLatch waiting = new CountDownLatch(threads);
        Runnable task = ThreadSubject.reporting(() -> {
            waiting.countDown();
            try {
                wait.run();
                parked.woken.increment();
            } finally {
                parked.ended.countDown();
            }
        });
        for (int i = 0; i < threads; i++) {
            launch.accept(task);
        }
        waiting.await();
        return parked;
    }

    @Override
    public long wake() throws Exception {
        release.run();
        ended.await();
        return woken.sum();
    }
}
