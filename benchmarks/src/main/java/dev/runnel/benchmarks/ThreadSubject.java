package dev.runnel.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;

/** The workloads for a library whose operations block the thread that calls them: on virtual threads. */
abstract class ThreadSubject implements Subject {

    /** Ends a row of elements of which nobody knows the length. */
    static final Integer END = -1;

    /** A channel of the library. */
    interface Pipe {
        void send(Integer element) throws Exception;

        Integer receive() throws Exception;

        /** Sends if that needs no waiting, and returns whether it did. */
        boolean trySend(Integer element) throws Exception;

        /** Receives if that needs no waiting; else returns null. */
        Integer tryReceive() throws Exception;
    }

    /** Makes a channel. */
    abstract Pipe pipe(int capacity);

    /** Starts a virtual thread. */
    void launch(Runnable task) {
        Thread.startVirtualThread(task);
    }

    final FutureTask<Long> started(Callable<Long> task) {
        FutureTask<Long> future = new FutureTask<>(task);
        launch(future);
        return future;
    }

    static long sum(List<FutureTask<Long>> ends) throws Exception {
        long sum = 0;
        for (FutureTask<Long> end : ends) {
            sum += end.get();
        }
        return sum;
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

    private static long forward(Pipe from, Pipe to, int elements) throws Exception {
        for (int i = 0; i < elements; i++) {
            to.send(from.receive());
        }
        return 0;
    }

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
        return sum(ends);
    }

    @Override
    public final long work(int pairs, int capacity, Work work, int elements) throws Exception {
        Pipe pipe = pipe(capacity);
        List<FutureTask<Long>> ends = new ArrayList<>();
        for (int p = 0; p < pairs; p++) {
            ends.add(started(() -> send(pipe, elements / pairs)));
            ends.add(started(() -> {
                long sum = 0;
                for (int i = 0; i < elements / pairs; i++) {
                    sum += work.on(pipe.receive());
                }
                return sum;
            }));
        }
        return sum(ends);
    }

    @Override
    public final long pingPong(int elements) throws Exception {
        Pipe there = pipe(0);
        Pipe back = pipe(0);
        FutureTask<Long> pong = started(() -> forward(there, back, elements));
        FutureTask<Long> ping = started(() -> {
            long sum = 0;
            for (int i = 0; i < elements; i++) {
                there.send(Elements.get(i));
                sum += back.receive();
            }
            return sum;
        });
        return sum(List.of(pong, ping));
    }

    @Override
    public final long fillAndDrain(int capacity, int elements) throws Exception {
        Pipe pipe = pipe(capacity);
        FutureTask<Long> end = started(() -> {
            long sum = 0;
            for (int sent = 0; sent < elements; sent += capacity) {
                for (int i = sent; i < sent + capacity; i++) {
                    pipe.send(Elements.get(i));
                }
                sum += receive(pipe, capacity);
            }
            return sum;
        });
        return end.get();
    }

    @Override
    public final long pipeline(int stages, int elements) throws Exception {
        Pipe first = pipe(0);
        List<FutureTask<Long>> ends = new ArrayList<>();
        ends.add(started(() -> send(first, elements)));
        Pipe last = first;
        for (int s = 1; s < stages; s++) {
            Pipe from = last;
            Pipe to = pipe(0);
            ends.add(started(() -> forward(from, to, elements)));
            last = to;
        }
        Pipe end = last;
        ends.add(started(() -> receive(end, elements)));
        return sum(ends);
    }

    @Override
    public final long sieve(int limit) throws Exception {
        Pipe numbers = pipe(0);
        Pipe result = pipe(0);
        launch(reporting(() -> {
            for (int i = 2; i < limit; i++) {
                numbers.send(i);
            }
            numbers.send(END);
        }));
        launch(reporting(() -> filter(numbers, 0, result)));
        return started(() -> (long) result.receive()).get();
    }

    /** A goroutine of the sieve: takes the first number, which is a prime, and lets through what it does not divide. */
    private void filter(Pipe in, int sumBefore, Pipe result) throws Exception {
        int prime = in.receive();
        if (prime == END) {
            result.send(sumBefore);
            return;
        }
        Pipe out = pipe(0);
        launch(reporting(() -> filter(out, sumBefore + prime, result)));
        Integer number = in.receive();
        while (!number.equals(END)) {
            if (number % prime != 0) {
                out.send(number);
            }
            number = in.receive();
        }
        out.send(END);
    }

    @Override
    public final long workers(int workers, int elements) throws Exception {
        Pipe jobs = pipe(10);
        Pipe results = pipe(10);
        List<FutureTask<Long>> ends = new ArrayList<>();
        ends.add(started(() -> send(jobs, elements)));
        for (int w = 0; w < workers; w++) {
            ends.add(started(() -> forward(jobs, results, elements / workers)));
        }
        ends.add(started(() -> receive(results, elements)));
        return sum(ends);
    }

    @Override
    public final long tryFailing(int capacity, int tries) throws Exception {
        Pipe full = pipe(capacity);
        Pipe empty = pipe(capacity);
        FutureTask<Long> end = started(() -> {
            send(full, capacity);
            long failed = 0;
            for (int i = 0; i < tries; i += 2) {
                failed += full.trySend(Elements.get(i)) ? 0 : 1;
                failed += empty.tryReceive() == null ? 1 : 0;
            }
            return failed;
        });
        return end.get();
    }

    /** What a thread does that has no result to give. */
    interface Step {
        void run() throws Exception;
    }

    /** A task of which a failure reaches the thread's uncaught-exception handler. */
    static Runnable reporting(Step step) {
        return () -> {
            try {
                step.run();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        };
    }
}
