package dev.runnel.correctness.linearizability;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import org.jetbrains.kotlinx.lincheck.Actor;
import org.jetbrains.kotlinx.lincheck.CTestStructure;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionGenerator;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionScenario;
import org.jetbrains.lincheck.datastructures.CTestConfiguration;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.RandomProvider;

/**
 * Random scenarios for sets of cases, each owned by one thread. One thread has the first set. Another one has the
 * second set, or does what has to do with no set; the last one does nothing that waits, and closes all channels in the
 * end.
 *
 * <p>If there are two sets, both only wait: one that is told of a close after the other one may find nothing before it
 * is told, as {@link dev.runnel.CaseSet} says.
 */
public final class OwningGenerator extends ExecutionGenerator {

    private final Random random;
    private final List<Method> methods;

    /** Lincheck's constructor. */
    public OwningGenerator(CTestConfiguration configuration, CTestStructure structure, RandomProvider random) {
        super(configuration, structure);
        this.random = random.createRandom();
        methods = Arrays.stream(configuration.getTestClass().getMethods())
                .filter(method -> method.isAnnotationPresent(Operation.class))
                .toList();
    }

    @Override
    public ExecutionScenario nextExecution() {
        boolean two = random.nextBoolean();
        List<Actor> first = some(method -> isOf(method, CaseSetOperations.ONE) && (!two || mayWait(method)));
        List<Actor> second = some(method -> isOf(method, two ? CaseSetOperations.TWO : ""));
        List<Actor> closing = new ArrayList<>(some(method -> isOf(method, "") && !mayWait(method)));
        methods.stream()
                .filter(method -> method.getName().startsWith("close"))
                .forEach(method -> closing.add(new Actor(method, List.of())));
        return new ExecutionScenario(List.of(), List.of(first, second, closing), List.of(), null);
    }

    private static boolean isOf(Method method, String group) {
        return method.getAnnotation(Operation.class).nonParallelGroup().equals(group);
    }

    private static boolean mayWait(Method method) {
        return method.getAnnotation(Operation.class).blocking();
    }

    private List<Actor> some(Predicate<Method> which) {
        List<Method> possible = methods.stream().filter(which).toList();
        List<Actor> some = new ArrayList<>();
        for (int i = 0; i < testConfiguration.getActorsPerThread(); i++) {
            Method method = possible.get(random.nextInt(possible.size()));
            some.add(new Actor(method, method.getParameterCount() == 0 ? List.of() : List.of(1 + random.nextInt(6))));
        }
        return some;
    }
}
