package dev.runnel.correctness.linearizability;

import dev.runnel.correctness.linearizability.Specification.Call;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jetbrains.kotlinx.lincheck.Actor;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionResult;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionScenario;
import org.jetbrains.kotlinx.lincheck.execution.ResultWithClock;
import org.jetbrains.lincheck.datastructures.verifier.CachedVerifier;

/**
 * Looks for an order of the operations that explains their results: one in which each operation comes after those that
 * had returned before it was called, and that the {@link Specification} allows. Lincheck's own verifier needs a
 * specification with one outcome for each operation; a select has several.
 */
public final class LinearizabilityVerifier extends CachedVerifier {

    private final Specification<?> specification;

    /** Lincheck's constructor: the class is that of a {@link Specification}. */
    public LinearizabilityVerifier(Class<?> specification) throws ReflectiveOperationException {
        var constructor = specification.asSubclass(Specification.class).getDeclaredConstructor();
        constructor.setAccessible(true);
        this.specification = constructor.newInstance();
    }

    @Override
    public boolean verifyResultsImpl(ExecutionScenario scenario, ExecutionResult results) {
        return verify(specification, scenario, results);
    }

    private static <S> boolean verify(Specification<S> specification, ExecutionScenario scenario,
            ExecutionResult results) {
        return new Search<>(specification, scenario, results)
                .canEnd(new Position<>(specification.initial(), new ArrayList<>(nothingDone(scenario))));
    }

    private static List<Integer> nothingDone(ExecutionScenario scenario) {
        return scenario.getThreads().stream().map(thread -> 0).toList();
    }

    /** A state, and how many operations of each thread have led to it. */
    private record Position<S>(S state, List<Integer> done) {}

    private static final class Search<S> {

        private final Specification<S> specification;
        private final List<List<Actor>> threads;
        private final List<List<ResultWithClock>> results;
        private final Set<Position<S>> seen = new HashSet<>();

        Search(Specification<S> specification, ExecutionScenario scenario, ExecutionResult results) {
            this.specification = specification;
            this.threads = scenario.getThreads();
            this.results = results.getThreadsResultsWithClock();
        }

        boolean canEnd(Position<S> position) {
            if (!seen.add(position)) {
                return false;
            }
            boolean ended = true;
            for (int thread = 0; thread < threads.size(); thread++) {
                if (position.done().get(thread) == threads.get(thread).size()) {
                    continue;
                }
                ended = false;
                if (mayBeNext(position, thread) && canEndAfter(position, thread)) {
                    return true;
                }
            }
            return ended;
        }

        /** Whether everything has happened that was over when the next operation of a thread was called. */
        private boolean mayBeNext(Position<S> position, int thread) {
            int next = position.done().get(thread);
            if (next == threads.get(thread).size()) {
                return false;
            }
            var clock = results.get(thread).get(next).getClockOnStart();
            for (int other = 0; other < threads.size(); other++) {
                if (other != thread && position.done().get(other) < clock.get(other)) {
                    return false;
                }
            }
            return true;
        }

        private boolean canEndAfter(Position<S> position, int thread) {
            Call call = next(position, thread);
            for (S state : specification.after(position.state(), call)) {
                if (canEnd(new Position<>(state, advanced(position.done(), thread)))) {
                    return true;
                }
            }
            for (int other = 0; other < thread; other++) {
                if (mayBeNext(position, other)) {
                    for (S state : specification.afterBoth(position.state(), call, next(position, other))) {
                        if (canEnd(new Position<>(state, advanced(advanced(position.done(), thread), other)))) {
                            return true;
                        }
                    }
                }
            }
            return false;
        }

        private Call next(Position<S> position, int thread) {
            int at = position.done().get(thread);
            return new Call(threads.get(thread).get(at), results.get(thread).get(at).getResult());
        }

        private static List<Integer> advanced(List<Integer> done, int thread) {
            List<Integer> advanced = new ArrayList<>(done);
            advanced.set(thread, done.get(thread) + 1);
            return advanced;
        }
    }
}
