package dev.runnel.benchmarks;

import dev.runnel.benchmarks.Subject.Parked;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * The workloads of the catalog that have a part to be timed and another one that is not. The profilers would count
 * both, so it counts itself.
 */
public class ParkBenchmark extends SubjectState {

    /** What all invocations of an iteration have used together. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Used {
        public long invocations;
        public long cpuNanos;
        public long retainedBytes;
    }

    /** Goroutines that have been parked, for the benchmark to wake. */
    @State(Scope.Thread)
    public static class Waiting {
        private Parked parked;

        @Setup(Level.Invocation)
        public void park(ParkBenchmark benchmark) throws Exception {
            parked = benchmark.start();
        }
    }

    /** Whom the benchmark has parked. */
    @State(Scope.Thread)
    public static class Started {
        private Parked parked;
        private Used used;
        private long heapBefore;

        @Setup(Level.Invocation)
        public void measureHeap() {
            heapBefore = heapInUse();
        }

        @TearDown(Level.Invocation)
        public void wake(ParkBenchmark benchmark) throws Exception {
            used.retainedBytes += heapInUse() - heapBefore;
            benchmark.checkedWake(parked);
            parked = null;
        }
    }

    private static final MemoryMXBean MEMORY = ManagementFactory.getMemoryMXBean();

    @Param("runnel")
    String subject;

    @Param("close-10000")
    String workload;

    private int goroutines;

    @Setup
    public void find() {
        goroutines = Workloads.named(workload).elements();
    }

    private static long heapInUse() {
        MEMORY.gc();
        return MEMORY.getHeapMemoryUsage().getUsed();
    }

    private Parked start() throws Exception {
        return Subjects.named(subject).park(goroutines);
    }

    private void checkedWake(Parked parked) throws Exception {
        Workloads.checkCount(parked.wake(), goroutines);
    }

    @Benchmark
    public void park(Started started, Used used) throws Exception {
        long cpu = CpuTimeProfiler.processNanos();
        started.parked = start();
        used.cpuNanos += CpuTimeProfiler.processNanos() - cpu;
        used.invocations++;
        started.used = used;
    }

    @Benchmark
    public void wake(Waiting waiting, Used used) throws Exception {
        long cpu = CpuTimeProfiler.processNanos();
        checkedWake(waiting.parked);
        used.cpuNanos += CpuTimeProfiler.processNanos() - cpu;
        used.invocations++;
    }
}
