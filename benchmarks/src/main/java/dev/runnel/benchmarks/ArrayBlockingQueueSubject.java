package dev.runnel.benchmarks;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/** The JDK's bounded buffer. */
final class ArrayBlockingQueueSubject extends QueueSubject {

    @Override
    BlockingQueue<Integer> queue(int capacity) {
        if (capacity == 0) {
            throw new UnsupportedOperationException("it is always buffered");
        }
        return new ArrayBlockingQueue<>(capacity);
    }
}
