package dev.runnel.benchmarks.compare;

import java.util.List;

/** What the subjects run on. */
enum Setting {

    /** As many carriers as there are cores, with G1. */
    ALL_CARRIERS("", List.of("-XX:+UseG1GC")),

    /** One core's worth of threads for goroutines, virtual threads and coroutines, with G1. */
    ONE_CARRIER(", one carrier",
            List.of("-XX:+UseG1GC", "-Djdk.virtualThreadScheduler.parallelism=1",
                    "-Djdk.virtualThreadScheduler.maxPoolSize=1", "-Dkotlinx.coroutines.scheduler.core.pool.size=1",
                    "-Dkotlinx.coroutines.scheduler.max.pool.size=1")),

    /** As many carriers as there are cores, with ZGC. */
    ZGC(", ZGC", List.of("-XX:+UseZGC"));

    /** What it adds to the title of a workload. */
    final String suffix;

    final List<String> jvmArgs;

    Setting(String suffix, List<String> jvmArgs) {
        this.suffix = suffix;
        this.jvmArgs = jvmArgs;
    }
}
