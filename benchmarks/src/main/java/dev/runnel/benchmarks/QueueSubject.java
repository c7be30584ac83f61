package dev.runnel.benchmarks;

import java.util.concurrent.BlockingQueue;

/** A queue of java.util.concurrent, between virtual threads. */
abstract class QueueSubject extends ThreadSubject {

    /** Makes a queue. */
    abstract BlockingQueue<Integer> queue(int capacity);

    @Override
    Pipe pipe(int capacity) {
        BlockingQueue<Integer> queue = queue(capacity);
        return new Pipe() {
            @Override
            public void send(Integer element) throws InterruptedException {
                queue.put(element);
            }

            @Override
            public Integer receive() throws InterruptedException {
                return queue.take();
            }

            @Override
            public boolean trySend(Integer element) {
                return queue.offer(element);
            }

            @Override
            public Integer tryReceive() {
                return queue.poll();
            }
        };
    }
}
