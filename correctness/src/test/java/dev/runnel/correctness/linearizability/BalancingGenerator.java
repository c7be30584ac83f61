package dev.runnel.correctness.linearizability;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import org.jetbrains.kotlinx.lincheck.Actor;
import org.jetbrains.kotlinx.lincheck.CTestStructure;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionScenario;
import org.jetbrains.kotlinx.lincheck.execution.RandomExecutionGenerator;
import org.jetbrains.lincheck.datastructures.CTestConfiguration;
import org.jetbrains.lincheck.datastructures.RandomProvider;

/**
 * Random scenarios for a wait group that cannot wait for ever: each thread is done as often as it has added before it
 * waits, and before it ends. It may be done more often than that. When everybody waits or has ended, the counter is
 * zero, and was so after the last that came to wait: what waits then was not woken.
 */
public final class BalancingGenerator extends RandomExecutionGenerator {

    private final Actor done;

    /** Lincheck's constructor. */
    public BalancingGenerator(CTestConfiguration configuration, CTestStructure structure, RandomProvider random)
            throws NoSuchMethodException {
        super(configuration, structure, random);
        Method method = configuration.getTestClass().getMethod("done");
        done = new Actor(method, List.of());
    }

    @Override
    public ExecutionScenario nextExecution() {
        ExecutionScenario random = super.nextExecution();
        List<List<Actor>> threads = random.getParallelExecution().stream().map(this::balanced).toList();
        return new ExecutionScenario(List.of(), threads, List.of(), random.getValidationFunction());
    }

    private List<Actor> balanced(List<Actor> actors) {
        List<Actor> balanced = new ArrayList<>();
        int added = 0;
        for (Actor actor : actors) {
            if (Specification.mayWait(actor)) {
                added = addDone(balanced, added);
            }
            balanced.add(actor);
            added = switch (actor.getMethod().getName()) {
                case "add" -> added + 1;
                case "addTwo" -> added + 2;
                case "done" -> Math.max(0, added - 1);
                default -> added;
            };
        }
        addDone(balanced, added);
        return balanced;
    }

    private int addDone(List<Actor> actors, int times) {
        for (int i = 0; i < times; i++) {
            actors.add(done);
        }
        return 0;
    }
}
