package dev.runnel.correctness.linearizability;

import org.jetbrains.lincheck.datastructures.Options;
import org.junit.jupiter.api.Test;

class WaitGroupLinearizabilityTest {

    @Test
    void waitGroup_stress_linearizable() {
        check(Runs.stress());
    }

    @Test
    void waitGroup_modelChecking_linearizable() {
        check(Runs.modelChecking());
    }

    private static void check(Options<?, ?> options) {
        options.executionGenerator(BalancingGenerator.class)
                .sequentialSpecification(WaitGroupSpecification.class)
                .check(WaitGroupOperations.class);
    }
}
