package dev.runnel.benchmarks;

import dev.runnel.Task;
import dev.runnel.Timer;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.TearDown;

/** Timers that are started and stopped before their time comes, one by one and a million at the same time. */
public class TimerBenchmark extends SubjectState {

    private static final int MANY = 1_000_000;
    private static final Task TASK = () -> {};

    private final Duration hour = Duration.ofHours(1);
    private final Timer[] timers = new Timer[MANY];
    private final ScheduledThreadPoolExecutor executor = executor();

    private static ScheduledThreadPoolExecutor executor() {
        ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1);
        executor.setRemoveOnCancelPolicy(true);
        return executor;
    }

    @TearDown
    public void shutdown() {
        executor.shutdownNow();
    }

    @Benchmark
    public boolean channel() {
        Timer timer = Timer.start(hour);
        return timer.channel().tryReceive() == null && timer.stop();
    }

    @Benchmark
    public boolean afterFunc() {
        return Timer.afterFunc(hour, TASK).stop();
    }

    @Benchmark
    public boolean scheduledThreadPoolExecutor() {
        Future<?> timer = executor.schedule(() -> {}, 1, TimeUnit.HOURS);
        return timer.cancel(false);
    }

    @Benchmark
    @OperationsPerInvocation(MANY)
    public int millionChannels() {
        for (int i = 0; i < MANY; i++) {
            timers[i] = Timer.start(hour);
        }
        return stopAll();
    }

    @Benchmark
    @OperationsPerInvocation(MANY)
    public int millionAfterFuncs() {
        for (int i = 0; i < MANY; i++) {
            timers[i] = Timer.afterFunc(hour, TASK);
        }
        return stopAll();
    }

    private int stopAll() {
        int stopped = 0;
        for (Timer timer : timers) {
            stopped += timer.stop() ? 1 : 0;
        }
        if (stopped != MANY) {
            throw new IllegalStateException("of a million timers " + stopped + " were stopped");
        }
        return stopped;
    }
}
