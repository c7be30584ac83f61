package dev.runnel.correctness.linearizability;

import java.util.List;
import java.util.Objects;
import org.jetbrains.kotlinx.lincheck.Actor;
import org.jetbrains.kotlinx.lincheck.util.LincheckResult;
import org.jetbrains.kotlinx.lincheck.util.ValueResult;
import org.jetbrains.lincheck.datastructures.Operation;

/**
 * A sequential specification in which an operation may have to wait, may have a choice, and may need another one to
 * happen together with it. That is more than a class with the same methods could say.
 *
 * @param <S> the type of the states; they are compared by {@code equals}
 */
interface Specification<S> {

    /** An operation, and what came out of it. */
    record Call(Actor actor, LincheckResult result) {

        /** The name of the operation. */
        String name() {
            return actor.getMethod().getName();
        }

        /** Whether the operation may wait. */
        boolean mayWait() {
            return Specification.mayWait(actor);
        }

        /** Whether this and nothing else came out of it. */
        boolean gave(Object expected) {
            return result instanceof ValueResult value && Objects.equals(value.getValue(), expected);
        }
    }

    /** Whether an operation may wait. */
    static boolean mayWait(Actor actor) {
        return actor.getMethod().getAnnotation(Operation.class).blocking();
    }

    /** The state at the beginning. */
    S initial();

    /** The states that a call may lead to which happens alone; none if it cannot happen here with this result. */
    List<S> after(S state, Call call);

    /** The states that two calls may lead to which happen at the same instant, and neither without the other. */
    default List<S> afterBoth(S state, Call one, Call other) {
        return List.of();
    }
}
