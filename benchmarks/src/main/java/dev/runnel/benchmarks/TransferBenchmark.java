package dev.runnel.benchmarks;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;

/**
 * Elements go from producers to as many consumers, over one channel. The JDK's queues fail where they have not the
 * capacity.
 */
public class TransferBenchmark extends SubjectState {

    private static final int ELEMENTS = 200_000;

    @Param({"runnel", "jox", "kotlin", "core.async", "SynchronousQueue", "ArrayBlockingQueue", "LinkedTransferQueue"})
    String subject;

    @Param({"1", "100"})
    int parallel;

    @Param({"0", "10", "100"})
    int capacity;

    @Benchmark
    @OperationsPerInvocation(ELEMENTS)
    public long transfer() throws Exception {
        long sum = Subjects.named(subject).transfer(parallel, parallel, capacity, ELEMENTS);
        return Elements.check(sum, parallel, ELEMENTS / parallel);
    }
}
