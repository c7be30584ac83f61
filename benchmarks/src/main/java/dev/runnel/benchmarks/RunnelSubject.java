package dev.runnel.benchmarks;

import static dev.runnel.Go.go;

import dev.runnel.Case;
import dev.runnel.Chan;
import dev.runnel.Go;
import dev.runnel.WaitGroup;
import java.util.stream.IntStream;

/** Runnel. */
final class RunnelSubject extends ThreadSubject {

    @Override
    Pipe pipe(int capacity) {
        Chan<Integer> chan = Chan.make(capacity);
        return new Pipe() {
            @Override
            public void send(Integer element) throws InterruptedException {
                chan.send(element);
            }

            @Override
            public Integer receive() throws InterruptedException {
                return chan.receive();
            }
        };
    }

    @Override
    public long select(int channels, int elements) throws Exception {
        Chan<Long> result = Chan.make();
        go(() -> {
            var cases = IntStream.range(0, channels)
                    .mapToObj(i -> producer(elements / channels).onReceive())
                    .toList();
            result.send(
                    switch (channels) {
                        case 2 -> receive(cases.get(0), cases.get(1), elements);
                        default -> receive(cases.toArray(Case<?>[]::new), elements);
                    });
        });
        return result.receive();
    }

    private static Chan<Integer> producer(int elements) {
        Chan<Integer> chan = Chan.make();
        go(() -> {
            for (int i = 0; i < elements; i++) {
                chan.send(Elements.get(i));
            }
        });
        return chan;
    }

    private static long receive(Case<Integer> a, Case<Integer> b, int elements) throws InterruptedException {
        long sum = 0;
        for (int i = 0; i < elements; i++) {
            sum += Go.select(a, b).value();
        }
        return sum;
    }

    private static long receive(Case<?>[] cases, int elements) throws InterruptedException {
        long sum = 0;
        for (int i = 0; i < elements; i++) {
            sum += (Integer) Go.select(cases).value();
        }
        return sum;
    }

    @Override
    public long start(int goroutines) throws Exception {
        WaitGroup started = new WaitGroup();
        started.add(goroutines);
        for (int i = 0; i < goroutines; i++) {
            go(started::done);
        }
        started.await();
        return goroutines;
    }
}
