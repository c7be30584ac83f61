package dev.runnel.correctness.linearizability;

import java.util.Arrays;
import java.util.List;
import org.jetbrains.kotlinx.lincheck.Actor;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionGenerator;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionScenario;
import org.jetbrains.lincheck.datastructures.Options;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SelectLinearizabilityTest {

    private enum Kind {
        UNBUFFERED(SelectOperations.Unbuffered.class, ChanSpecification.BothUnbuffered.class),
        BUFFERED(SelectOperations.Buffered.class, ChanSpecification.BothBuffered.class),
        MIXED(SelectOperations.Mixed.class, ChanSpecification.Mixed.class);

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

    /**
     * While a select looks at one channel after the other, the only value leaves one after another came to the other.
     */
    @Test
    void otherwise_valueOnEitherChannelAtEachInstant_notChosen() {
        List<Actor> select = List.of(call("receiveReceiveOtherwise"));
        Kind.BUFFERED.check(Runs.modelChecking()
                .iterations(0)
                .addCustomScenario(new ExecutionScenario(List.of(call("trySendB", 1)),
                        List.of(select, List.of(call("send", 2), call("tryReceiveB"))), List.of(), null))
                .addCustomScenario(new ExecutionScenario(List.of(call("send", 1)),
                        List.of(select, List.of(call("trySendB", 2), call("tryReceive"))), List.of(), null)),
                ClosingGenerator.class);
    }

    private static Actor call(String name, Object... arguments) {
        return new Actor(Arrays.stream(SelectOperations.Buffered.class.getMethods())
                .filter(method -> method.getName().equals(name))
                .findAny()
                .orElseThrow(), List.of(arguments));
    }
}
