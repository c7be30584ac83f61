package dev.runnel.benchmarks;

import java.util.concurrent.CountDownLatch;

/** Bare virtual threads, which wait for each other with the JDK's CountDownLatch. */
final class VirtualThreadSubject implements Subject {

    @Override
    public long start(int goroutines) throws Exception {
        CountDownLatch started = new CountDownLatch(goroutines);
        for (int i = 0; i < goroutines; i++) {
            Thread.startVirtualThread(started::countDown);
        }
        started.await();
        return goroutines;
    }

    @Override
    public long waitGroup(int goroutines) throws Exception {
        CountDownLatch arrived = new CountDownLatch(goroutines);
        CountDownLatch passed = new CountDownLatch(goroutines);
        Runnable task = ThreadSubject.reporting(() -> {
            arrived.countDown();
            arrived.await();
            passed.countDown();
        });
        for (int i = 0; i < goroutines; i++) {
            Thread.startVirtualThread(task);
        }
        passed.await();
        return goroutines;
    }

    @Override
    public Parked park(int goroutines) throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        return ParkedThreads.start(goroutines, Thread::startVirtualThread, gate::await, gate::countDown);
    }
}
