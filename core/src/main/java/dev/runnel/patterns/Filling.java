package dev.runnel.patterns;

import dev.runnel.Context;
import dev.runnel.Go;
import dev.runnel.Group;
import dev.runnel.SendChan;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The goroutines that fill a channel. They are members of a {@link Group} in a goroutine of its own, which waits for
 * them and then says how it has ended. So nothing of them is left by then, and a failure ends all of them.
 *
 * <p>The group interrupts its members when the context is done. What they wait for is therefore plain sends and
 * receives: cheaper than a select with the context, and nobody queues at the channel of a context that many may share.
 * Only a member that runs code of a user has to look at the context after it, as that may have swallowed the
 * interruption: the context was done before that.
 */
final class Filling {

    private Filling() {}

    /** What goes on in the group. */
    @FunctionalInterface
    interface Members {

        /**
         * Starts the members and waits for them.
         *
         * @param group theirs, open
         * @throws Throwable why there is no more, where there should have been
         */
        void run(Group group) throws Throwable;
    }

    /** Starts members that send to one channel, which will be closed: the only place where it is. */
    static void start(Context context, SendChan<?> out, Members members) {
        start(context, members, cause -> {
            if (cause == null) {
                out.close();
            } else {
                out.close(cause);
            }
        });
    }

    /**
     * Starts members.
     *
     * @param end is told when all of them have ended: null, or why they did not go on
     */
    static void start(Context context, Members members, Consumer<@Nullable Throwable> end) {
        Go.go(() -> end.accept(run(context, members)));
    }

    @SuppressWarnings("InterruptedExceptionSwallowed") // whoever is told of the end is told of it
    private static @Nullable Throwable run(Context context, Members members) {
        try (Group group = Group.open(context)) {
            members.run(group);
            return null;
        } catch (Throwable e) {
            return e;
        }
    }
}
