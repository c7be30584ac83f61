package dev.runnel.correctness.linearizability;

import org.jetbrains.lincheck.datastructures.Options;
import org.junit.jupiter.api.Test;

class ContextLinearizabilityTest {

    @Test
    void context_stress_linearizable() {
        check(Runs.stress());
    }

    @Test
    void context_modelChecking_linearizable() {
        check(Runs.modelChecking());
    }

    private static void check(Options<?, ?> options) {
        options.executionGenerator(ClosingGenerator.class)
                .sequentialSpecification(ContextSpecification.class)
                .check(ContextOperations.class);
    }
}
