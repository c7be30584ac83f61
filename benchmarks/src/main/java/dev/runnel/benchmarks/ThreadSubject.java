package dev.runnel.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;

/** The workloads for a library whose operations block the thread that calls them: on virtual threads. */
abstract class ThreadSubject implements Subject {

    /** A channel of the library. */
    interface Pipe {
        void send(Integer element) throws Exception;

        Integer receive() throws Exception;
    }

    /** Makes a channel. */
    abstract Pipe pipe(int capacity);

    @Override
    public final long transfer(int producers, int consumers, int capacity, int elements) throws Exception {
        Pipe pipe = pipe(capacity);
        List<FutureTask<Long>> ends = new ArrayList<>();
        for (int p = 0; p < producers; p++) {
            ends.add(started(() -> send(pipe, elements / producers)));
        }
        for (int c = 0; c < consumers; c++) {
            ends.add(started(() -> receive(pipe, elements / consumers)));
        }
        long sum = 0;
        for (FutureTask<Long> end : ends) {
            sum += end.get();
        }
        return sum;
    }

    private static FutureTask<Long> started(Callable<Long> task) {
        FutureTask<Long> future = new FutureTask<>(task);
        Thread.startVirtualThread(future);
        return future;
    }

    static long send(Pipe pipe, int elements) throws Exception {
        for (int i = 0; i < elements; i++) {
            pipe.send(Elements.get(i));
        }
        return 0;
    }

    static long receive(Pipe pipe, int elements) throws Exception {
        long sum = 0;
        for (int i = 0; i < elements; i++) {
            sum += pipe.receive();
        }
        return sum;
    }

    @Override
    public final long pingPong(int elements) throws Exception {
        Pipe there = pipe(0);
        Pipe back = pipe(0);
        FutureTask<Long> pong = started(() -> {
            for (int i = 0; i < elements; i++) {
                back.send(there.receive());
            }
            return 0L;
        });
        FutureTask<Long> ping = started(() -> {
            long sum = 0;
            for (int i = 0; i < elements; i++) {
                there.send(Elements.get(i));
                sum += back.receive();
            }
            return sum;
        });
        return pong.get() + ping.get();
    }

    @Override
    public final long fillAndDrain(int capacity, int elements) throws Exception {
        Pipe pipe = pipe(capacity);
        return started(() -> {
            long sum = 0;
            for (int sent = 0; sent < elements; sent += capacity) {
                for (int i = sent; i < sent + capacity; i++) {
                    pipe.send(Elements.get(i));
                }
                sum += receive(pipe, capacity);
            }
            return sum;
        })
                .get();
    }
}
