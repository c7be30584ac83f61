package dev.runnel.benchmarks.compare;

import dev.runnel.benchmarks.Workload;

/** A row of the results: a workload, and what it runs on. */
record Row(Workload workload, Setting setting) {

    String title() {
        return workload.title() + setting.suffix;
    }
}
