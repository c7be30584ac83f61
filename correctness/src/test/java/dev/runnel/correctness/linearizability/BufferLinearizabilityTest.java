package dev.runnel.correctness.linearizability;

import org.jetbrains.lincheck.datastructures.Options;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BufferLinearizabilityTest {

    private enum Kind {
        DROP_OLDEST_OF_ONE(BufferOperations.DropOldestOfOne.class, BufferSpecification.DropOldestOfOne.class),
        DROP_OLDEST_OF_TWO(BufferOperations.DropOldestOfTwo.class, BufferSpecification.DropOldestOfTwo.class),
        DROP_NEWEST_OF_ONE(BufferOperations.DropNewestOfOne.class, BufferSpecification.DropNewestOfOne.class),
        UNBOUNDED(BufferOperations.Unbounded.class, BufferSpecification.Unbounded.class);

        private final Class<?> operations;
        private final Class<?> specification;

        Kind(Class<?> operations, Class<?> specification) {
            this.operations = operations;
            this.specification = specification;
        }

        void check(Options<?, ?> options) {
            options.executionGenerator(ClosingGenerator.class).sequentialSpecification(specification).check(operations);
        }
    }

    @ParameterizedTest
    @EnumSource
    void operations_closedAtTheEnd_linearizableUnderStress(Kind kind) {
        kind.check(Runs.stress());
    }

    @ParameterizedTest
    @EnumSource
    void operations_closedAtTheEnd_linearizableInEachInterleaving(Kind kind) {
        kind.check(Runs.modelChecking());
    }
}
