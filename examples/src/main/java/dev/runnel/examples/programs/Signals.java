package dev.runnel.examples.programs;

import static dev.runnel.Go.after;
import static dev.runnel.Go.select;
import static java.time.Duration.ofSeconds;

import dev.runnel.CancelContext;
import dev.runnel.Chan;
import dev.runnel.Context;
import dev.runnel.ReceiveChan;

/** What Go has {@code signal.Notify} for: the wish that the program end (SIGINT, SIGTERM) comes over a channel. */
final class Signals implements AutoCloseable {

    private final Chan<Boolean> arrived;
    private final Chan<Boolean> handled;

    private Signals(Chan<Boolean> arrived, Chan<Boolean> handled) {
        this.arrived = arrived;
        this.handled = handled;
    }

    /** From now on such a signal does not end the program until {@link #close}, or for ten seconds. */
    static Signals listen() {
        Chan<Boolean> arrived = Chan.make();
        Chan<Boolean> handled = Chan.make();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            arrived.close();
            try {
                select(handled.onReceive(), after(ofSeconds(10)));
            } catch (InterruptedException e) {
                // nobody interrupts a shutdown hook; and if so, the program ends at once
            }
        }));
        return new Signals(arrived, handled);
    }

    /** The channel that is closed when the program is to end. */
    ReceiveChan<Boolean> arrived() {
        return arrived;
    }

    /**
     * Makes a context that is cancelled when the program is to end, as Go's {@code signal.NotifyContext} does. Close it
     * before this, and write what there is to write before either: after that the program may be gone.
     */
    CancelContext context() {
        CancelContext context = Context.background().withCancel();
        Runtime.getRuntime().addShutdownHook(new Thread(context::cancel));
        return context;
    }

    /** Says that the program has done what it wanted to do before it ends. */
    @Override
    public void close() {
        handled.close();
    }
}
