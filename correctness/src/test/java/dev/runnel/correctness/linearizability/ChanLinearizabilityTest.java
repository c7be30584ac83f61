package dev.runnel.correctness.linearizability;

import org.jetbrains.kotlinx.lincheck.execution.ExecutionGenerator;
import org.jetbrains.lincheck.datastructures.Options;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ChanLinearizabilityTest {

    private enum Kind {
        UNBUFFERED(ChanOperations.Unbuffered.class, ChanSpecification.Unbuffered.class),
        CAPACITY_ONE(ChanOperations.CapacityOne.class, ChanSpecification.CapacityOne.class),
        CAPACITY_TWO(ChanOperations.CapacityTwo.class, ChanSpecification.CapacityTwo.class);

        private final Class<?> operations;
        private final Class<?> specification;

        Kind(Class<?> operations, Class<?> specification) {
            this.operations = operations;
            this.specification = specification;
        }

        void check(Options<?, ?> options, Class<? extends ExecutionGenerator> scenarios) {
            options.executionGenerator(scenarios).sequentialSpecification(specification).check(operations);
        }
    }

    @ParameterizedTest
    @EnumSource
    void operations_closedAtTheEnd_linearizableUnderStress(Kind kind) {
        kind.check(Runs.stress(), ClosingGenerator.class);
    }

    @ParameterizedTest
    @EnumSource
    void operations_closedAtTheEnd_linearizableInEachInterleaving(Kind kind) {
        kind.check(Runs.modelChecking(), ClosingGenerator.class);
    }

    @ParameterizedTest
    @EnumSource
    void sendsAndReceives_asManyOfEach_endUnderStress(Kind kind) {
        kind.check(Runs.stress(), MatchedGenerator.class);
    }

    @ParameterizedTest
    @EnumSource
    void sendsAndReceives_asManyOfEach_endInEachInterleaving(Kind kind) {
        kind.check(Runs.modelChecking(), MatchedGenerator.class);
    }
}
