package dev.runnel.correctness.linearizability;

import dev.runnel.CaseSet;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionGenerator;
import org.jetbrains.lincheck.datastructures.Options;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CaseSetLinearizabilityTest {

    private enum Kind {
        UNBUFFERED(CaseSetOperations.Unbuffered.class, ChanSpecification.BothUnbuffered.class),
        BUFFERED(CaseSetOperations.Buffered.class, ChanSpecification.BothBuffered.class);

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

    /** The thread that cleans up after sets is started outside of what Lincheck looks at. */
    @BeforeAll
    static void startCleaner() {
        new CaseSet<>();
    }

    @ParameterizedTest
    @EnumSource
    void turns_closedAtTheEnd_linearizableUnderStress(Kind kind) {
        kind.check(Runs.stress(), OwningGenerator.class);
    }

    @ParameterizedTest
    @EnumSource
    void turns_closedAtTheEnd_linearizableInEachInterleaving(Kind kind) {
        kind.check(Runs.modelChecking(), OwningGenerator.class);
    }

    @ParameterizedTest
    @EnumSource
    void setsThatFaceEachOther_asManyTurnsOfEach_endUnderStress(Kind kind) {
        kind.check(Runs.stress(), MatchedGenerator.class);
    }

    @ParameterizedTest
    @EnumSource
    void setsThatFaceEachOther_asManyTurnsOfEach_endInEachInterleaving(Kind kind) {
        kind.check(Runs.modelChecking(), MatchedGenerator.class);
    }
}
