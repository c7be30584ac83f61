package dev.runnel.correctness.linearizability;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jetbrains.kotlinx.lincheck.Actor;
import org.jetbrains.kotlinx.lincheck.CTestStructure;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionScenario;
import org.jetbrains.kotlinx.lincheck.execution.RandomExecutionGenerator;
import org.jetbrains.lincheck.datastructures.CTestConfiguration;
import org.jetbrains.lincheck.datastructures.RandomProvider;

/**
 * Random scenarios that cannot wait for ever: the last thread does nothing that waits, and at its end closes all
 * channels. What still waits after that was not woken.
 */
public final class ClosingGenerator extends RandomExecutionGenerator {

    private final List<Actor> closes;

    /** Lincheck's constructor. */
    public ClosingGenerator(CTestConfiguration configuration, CTestStructure structure, RandomProvider random) {
        super(configuration, structure, random);
        closes = Arrays.stream(configuration.getTestClass().getMethods())
                .filter(method -> method.getName().startsWith("close") && method.getParameterCount() == 0)
                .map(ClosingGenerator::actor)
                .toList();
    }

    private static Actor actor(Method method) {
        return new Actor(method, List.of());
    }

    @Override
    public ExecutionScenario nextExecution() {
        ExecutionScenario random = super.nextExecution();
        List<List<Actor>> threads = new ArrayList<>(random.getParallelExecution());
        List<Actor> closing = new ArrayList<>(threads.removeLast());
        closing.removeIf(Specification::mayWait);
        closing.addAll(closes);
        threads.add(closing);
        return new ExecutionScenario(List.of(), threads, List.of(), random.getValidationFunction());
    }
}
