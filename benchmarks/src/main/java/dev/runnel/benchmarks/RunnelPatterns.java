package dev.runnel.benchmarks;

import static dev.runnel.Go.go;

import dev.runnel.Chan;
import dev.runnel.Context;
import dev.runnel.ReceiveChan;
import dev.runnel.patterns.Batch;
import dev.runnel.patterns.Broadcast;
import dev.runnel.patterns.Merge;
import dev.runnel.patterns.RateLimit;
import dev.runnel.patterns.Retry;
import dev.runnel.patterns.Stage;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;

/** Runnel's package of patterns. */
final class RunnelPatterns implements Patterns {

    private static final Context BACKGROUND = Context.background();

    private static ReceiveChan<Integer> source(int elements) {
        Chan<Integer> chan = Chan.make();
        go(() -> send(chan, elements));
        return chan;
    }

    private static void send(Chan<Integer> chan, int elements) throws InterruptedException {
        for (int i = 0; i < elements; i++) {
            chan.send(Elements.get(i));
        }
        chan.close();
    }

    private static long sum(ReceiveChan<Integer> chan) {
        long sum = 0;
        for (int element : chan) {
            sum += element;
        }
        return sum;
    }

    private static FutureTask<Long> started(Callable<Long> task) {
        FutureTask<Long> future = new FutureTask<>(task);
        go(future::run);
        return future;
    }

    @Override
    public long merge(int inputs, int elements) throws Exception {
        var all = Stream.generate(() -> source(elements / inputs)).limit(inputs).toList();
        ReceiveChan<Integer> merged = Merge.merge(BACKGROUND, all);
        return started(() -> sum(merged)).get();
    }

    @Override
    public long map(int workers, int elements) throws Exception {
        ReceiveChan<Integer> mapped = Stage.map(BACKGROUND, source(elements), workers, element -> element);
        return started(() -> sum(mapped)).get();
    }

    @Override
    public long mapOrdered(int workers, int elements) throws Exception {
        ReceiveChan<Integer> mapped = Stage.mapOrdered(BACKGROUND, source(elements), workers, element -> element);
        return started(() -> sum(mapped)).get();
    }

    @Override
    public long batch(int size, int elements) throws Exception {
        ReceiveChan<List<Integer>> batches =
                Batch.batch(BACKGROUND, source(elements), size, Duration.ofSeconds(1));
        return started(() -> {
            long sum = 0;
            for (List<Integer> batch : batches) {
                for (int element : batch) {
                    sum += element;
                }
            }
            return sum;
        }).get();
    }

    @Override
    public long broadcast(int readers, int elements) throws Exception {
        int each = elements / readers;
        Chan<Integer> source = Chan.make();
        Broadcast<Integer> broadcast = Broadcast.of(BACKGROUND, source);
        var ends = Stream.generate(() -> broadcast.subscribe(each).channel())
                .limit(readers)
                .map(channel -> started(() -> sum(channel)))
                .toList();
        go(() -> send(source, each));
        return ThreadSubject.sum(ends);
    }

    @Override
    public long rateLimit(int permits) throws Exception {
        return started(() -> {
            RateLimit limit = RateLimit.of(Integer.MAX_VALUE, Duration.ofSeconds(1));
            long taken = 0;
            for (int i = 0; i < permits; i++) {
                limit.await(BACKGROUND);
                taken++;
            }
            return taken;
        }).get();
    }

    @Override
    public long retry(int failures, int elements) throws Exception {
        return started(() -> {
            Flaky task = new Flaky(failures);
            long sum = 0;
            for (int i = 0; i < elements; i++) {
                sum += Retry.retry(BACKGROUND, failures + 1, Duration.ZERO, task);
            }
            return sum;
        }).get();
    }
}
