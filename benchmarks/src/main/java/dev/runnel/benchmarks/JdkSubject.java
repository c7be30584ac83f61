package dev.runnel.benchmarks;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.SynchronousQueue;

/**
 * What the JDK has for it: SynchronousQueue for an unbuffered channel, ArrayBlockingQueue for a buffered one, bare
 * virtual threads for goroutines. It has no select.
 */
final class JdkSubject extends ThreadSubject {

    @Override
    Pipe pipe(int capacity) {
        BlockingQueue<Integer> queue = capacity == 0 ? new SynchronousQueue<>() : new ArrayBlockingQueue<>(capacity);
        return new Pipe() {
            @Override
            public void send(Integer element) throws InterruptedException {
                queue.put(element);
            }

            @Override
            public Integer receive() throws InterruptedException {
                return queue.take();
            }
        };
    }

    @Override
    public long select(int channels, int elements) {
        throw new UnsupportedOperationException("the JDK has no select");
    }

    @Override
    public long start(int goroutines) throws Exception {
        CountDownLatch started = new CountDownLatch(goroutines);
        for (int i = 0; i < goroutines; i++) {
            Thread.startVirtualThread(started::countDown);
        }
        started.await();
        return goroutines;
    }
}
