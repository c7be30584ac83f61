package dev.runnel.benchmarks;

import java.util.concurrent.LinkedTransferQueue;

/** The JDK's other rendezvous: {@code transfer} waits for the receiver, as a send to an unbuffered channel does. */
final class LinkedTransferQueueSubject extends ThreadSubject {

    @Override
    Pipe pipe(int capacity) {
        if (capacity != 0) {
            throw new UnsupportedOperationException("it has no bound");
        }
        LinkedTransferQueue<Integer> queue = new LinkedTransferQueue<>();
        return new Pipe() {
            @Override
            public void send(Integer element) throws InterruptedException {
                queue.transfer(element);
            }

            @Override
            public Integer receive() throws InterruptedException {
                return queue.take();
            }

            @Override
            public boolean trySend(Integer element) {
                return queue.tryTransfer(element);
            }

            @Override
            public Integer tryReceive() {
                return queue.poll();
            }
        };
    }
}
