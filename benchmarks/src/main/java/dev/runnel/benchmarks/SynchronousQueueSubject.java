package dev.runnel.benchmarks;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.SynchronousQueue;

/** The JDK's rendezvous. */
final class SynchronousQueueSubject extends QueueSubject {

    @Override
    BlockingQueue<Integer> queue(int capacity) {
        if (capacity != 0) {
            throw new UnsupportedOperationException("it has no buffer");
        }
        return new SynchronousQueue<>();
    }
}
