package dev.runnel.benchmarks;

import static dev.runnel.Go.after;
import static dev.runnel.Go.go;
import static dev.runnel.Go.otherwise;

import dev.runnel.Case;
import dev.runnel.Chan;
import dev.runnel.Go;
import dev.runnel.SendCase;
import dev.runnel.WaitGroup;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.stream.IntStream;
import java.util.stream.Stream;

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

            @Override
            public boolean trySend(Integer element) {
                return chan.trySend(element);
            }

            @Override
            public Integer tryReceive() {
                return chan.tryReceive();
            }
        };
    }

    @Override
    void launch(Runnable task) {
        go(task::run);
    }

    @Override
    public long select(int channels, int elements) throws Exception {
        return started(() -> {
            var cases = IntStream.range(0, channels)
                    .mapToObj(i -> producer(elements / channels).onReceive())
                    .toList();
            return switch (channels) {
                case 2 -> receive(cases.get(0), cases.get(1), elements);
                default -> receive(cases.toArray(Case<?>[]::new), elements);
            };
        }).get();
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
    public long selectTimeout(int channels, int elements) throws Exception {
        return started(() -> {
            Case<?>[] cases = IntStream.rangeClosed(0, channels)
                    .mapToObj(i -> i < channels ? producer(elements / channels).onReceive() : null)
                    .toArray(Case<?>[]::new);
            long sum = 0;
            for (int i = 0; i < elements; i++) {
                cases[channels] = after(Duration.ofHours(1));
                sum += (Integer) Go.select(cases).value();
            }
            return sum;
        }).get();
    }

    @Override
    public long selectReady(int channels, int elements) throws Exception {
        return started(() -> {
            List<Chan<Integer>> chans = Stream.generate(() -> Chan.<Integer>make(1)).limit(channels).toList();
            Case<?>[] cases = chans.stream().map(Chan::onReceive).toArray(Case<?>[]::new);
            long sum = 0;
            for (int i = 0; i < elements; i++) {
                chans.get(i % channels).send(Elements.get(i));
                sum += (Integer) Go.select(cases).value();
            }
            return sum;
        }).get();
    }

    @Override
    public long selectOtherwise(int channels, int turns) throws Exception {
        return started(() -> {
            Case<?>[] cases = Stream.concat(Stream.generate(() -> Chan.make().onReceive()).limit(channels),
                    Stream.of(otherwise())).toArray(Case<?>[]::new);
            Case<?> none = cases[channels];
            long count = 0;
            for (int i = 0; i < turns; i++) {
                count += Go.select(cases) == none ? 1 : 0;
            }
            return count;
        }).get();
    }

    @Override
    public long selectSend(int channels, int elements) throws Exception {
        List<FutureTask<Long>> ends = new ArrayList<>();
        List<Chan<Integer>> chans = Stream.generate(Chan::<Integer>make).limit(channels).toList();
        for (Chan<Integer> chan : chans) {
            ends.add(started(() -> {
                long sum = 0;
                for (Integer element : chan) {
                    sum += element;
                }
                return sum;
            }));
        }
        ends.add(started(() -> {
            List<SendCase<Integer>> cases = chans.stream().map(Chan::onSend).toList();
            SendCase<?>[] array = cases.toArray(SendCase<?>[]::new);
            for (int i = 0; i < elements; i++) {
                for (SendCase<Integer> c : cases) {
                    c.with(Elements.get(i));
                }
                Go.select(array);
            }
            chans.forEach(Chan::close);
            return 0L;
        }));
        return sum(ends);
    }

    @Override
    public long selectBoth(int pairs, int elements) throws Exception {
        Chan<Integer> chan = Chan.make();
        Chan<Integer> done = Chan.make();
        List<FutureTask<Long>> ends = new ArrayList<>();
        for (int pair = 0; pair < pairs; pair++) {
            ends.add(started(() -> {
                SendCase<Integer> send = chan.onSend();
                Case<Integer> quit = done.onReceive();
                for (int i = 0; i < elements / pairs; i++) {
                    Go.select(send.with(Elements.get(i)), quit);
                }
                return 0L;
            }));
            ends.add(started(() -> {
                Case<Integer> receive = chan.onReceive();
                Case<Integer> quit = done.onReceive();
                long sum = 0;
                for (int i = 0; i < elements / pairs; i++) {
                    Go.select(receive, quit);
                    sum += receive.value();
                }
                return sum;
            }));
        }
        return sum(ends);
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

    @Override
    public long waitGroup(int goroutines) throws Exception {
        WaitGroup arrived = new WaitGroup();
        WaitGroup passed = new WaitGroup();
        arrived.add(goroutines);
        passed.add(goroutines);
        for (int i = 0; i < goroutines; i++) {
            go(() -> {
                arrived.done();
                arrived.await();
                passed.done();
            });
        }
        passed.await();
        return goroutines;
    }

    @Override
    public Parked park(int goroutines) throws Exception {
        Chan<Integer> gate = Chan.make();
        return ParkedThreads.start(goroutines, this::launch, gate::receive, gate::close);
    }

    @Override
    public Patterns patterns() {
        return new RunnelPatterns();
    }
}
