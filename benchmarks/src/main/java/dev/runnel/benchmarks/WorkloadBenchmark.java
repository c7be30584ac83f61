package dev.runnel.benchmarks;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/**
 * A workload of the {@linkplain Workloads catalog} for the comparison, which divides the time by the number of its
 * elements; run by itself it gives the time of all of them.
 */
public class WorkloadBenchmark extends SubjectState {

    @Param("runnel")
    String subject;

    @Param("transfer-1-1-0")
    String workload;

    private Workload measured;

    @Setup
    public void find() {
        measured = Workloads.named(workload);
    }

    @Benchmark
    public void whole() throws Exception {
        measured.body().run(Subjects.named(subject), measured.elements());
    }
}
