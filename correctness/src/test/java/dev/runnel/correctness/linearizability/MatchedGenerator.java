package dev.runnel.correctness.linearizability;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jetbrains.kotlinx.lincheck.Actor;
import org.jetbrains.kotlinx.lincheck.CTestStructure;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionGenerator;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionScenario;
import org.jetbrains.lincheck.datastructures.CTestConfiguration;
import org.jetbrains.lincheck.datastructures.RandomProvider;

/**
 * Random scenarios in which nobody closes a channel and nobody can wait for ever: as many operations come from one side
 * as from the other, and each can end with any of the other side. What still waits when all others have ended has
 * missed the one that came for it. A close would hide that.
 */
public final class MatchedGenerator extends ExecutionGenerator {

    /** The operations of either side. */
    private record Sides(List<String> left, List<String> right) {

        /**
         * Whether there is to be one thread of each: operations of one side can end with each other, too, or are those
         * of a set, which has one owner.
         */
        boolean inTwoThreads() {
            return left.equals(right) || left.contains("selectOne");
        }
    }

    private static final List<Sides> ALL = List.of(
            new Sides(List.of("send"), List.of("receive")),
            new Sides(List.of("sendOrReceive"), List.of("sendOrReceive")),
            new Sides(List.of("send", "sendSend"), List.of("receiveReceive")),
            new Sides(List.of("sendReceive"), List.of("receiveSend")),
            new Sides(List.of("selectOne"), List.of("selectTwo", "sendReceive")));

    private final Random random;
    private final Map<String, Method> methods;
    private final List<Sides> possible;

    /** Lincheck's constructor. */
    public MatchedGenerator(CTestConfiguration configuration, CTestStructure structure, RandomProvider random) {
        super(configuration, structure);
        this.random = random.createRandom();
        methods = Arrays.stream(configuration.getTestClass().getMethods())
                .filter(method -> ALL.stream()
                        .anyMatch(s -> s.left.contains(method.getName()) || s.right.contains(method.getName())))
                .collect(Collectors.toMap(Method::getName, Function.identity()));
        possible = ALL.stream()
                .filter(s -> methods.keySet().containsAll(s.left) && methods.keySet().containsAll(s.right))
                .toList();
    }

    @Override
    public ExecutionScenario nextExecution() {
        Sides sides = possible.get(random.nextInt(possible.size()));
        int each = testConfiguration.getActorsPerThread();
        List<List<Actor>> threads = switch (sides.inTwoThreads() ? 0 : random.nextInt(3)) {
            case 0 -> List.of(some(sides.left, each), some(sides.right, each));
            case 1 -> List.of(some(sides.left, each), some(sides.left, each), some(sides.right, 2 * each));
            default -> List.of(some(sides.left, 2 * each), some(sides.right, each), some(sides.right, each));
        };
        return new ExecutionScenario(List.of(), threads, List.of(), null);
    }

    private List<Actor> some(List<String> names, int count) {
        List<Actor> some = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Method method = methods.get(names.get(random.nextInt(names.size())));
            List<Object> value = method.getParameterCount() == 0 ? List.of() : List.of(1 + random.nextInt(9));
            some.add(new Actor(method, value));
        }
        return some;
    }
}
