package dev.runnel.correctness.races;

import dev.runnel.Case;
import dev.runnel.Chan;
import dev.runnel.ChanClosedException;
import dev.runnel.Go;
import dev.runnel.WaitGroup;

/** Operations whose exceptions are results. */
final class Calls {

    static final String SENT = "sent";
    static final String CLOSED = "closed";
    static final String INTERRUPTED = "interrupted";

    private Calls() {}

    /** Sends a value. */
    static String send(Chan<Integer> chan, int value) {
        try {
            chan.send(value);
            return SENT;
        } catch (ChanClosedException e) {
            return CLOSED;
        } catch (InterruptedException e) {
            return INTERRUPTED;
        }
    }

    /** Sends a value if that needs no waiting: true, false, or closed. */
    static Object trySend(Chan<Integer> chan, int value) {
        try {
            return chan.trySend(value);
        } catch (ChanClosedException e) {
            return CLOSED;
        }
    }

    /** Receives a value: that, null, or interrupted. */
    static Object receive(Chan<Integer> chan) {
        try {
            return chan.receive();
        } catch (InterruptedException e) {
            return INTERRUPTED;
        }
    }

    /** Closes a channel: null, or closed if it was that before. */
    static Object close(Chan<Integer> chan) {
        try {
            chan.close();
            return null;
        } catch (ChanClosedException e) {
            return CLOSED;
        }
    }

    /** Selects: the letter of the chosen case, then its value if there is one. */
    static String select(Case<Integer> a, Case<Integer> b) {
        try {
            Case<? extends Integer> chosen = Go.select(a, b);
            Integer value = chosen.value();
            return (chosen == a ? "a" : "b") + (value == null ? "" : value);
        } catch (ChanClosedException e) {
            return CLOSED;
        } catch (InterruptedException e) {
            return INTERRUPTED;
        }
    }

    /** Waits for a group: null, or interrupted. */
    static Object await(WaitGroup group) {
        try {
            group.await();
            return null;
        } catch (InterruptedException e) {
            return INTERRUPTED;
        }
    }

    /** Waits for a thread to end. */
    static void join(Thread thread) {
        boolean interrupted = false;
        for (;;) {
            try {
                thread.join();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** A channel with values in its buffer. */
    static Chan<Integer> filled(int capacity, int... values) {
        Chan<Integer> chan = Chan.make(capacity);
        for (int value : values) {
            if (!chan.trySend(value)) {
                throw new IllegalArgumentException("a buffer of " + capacity + " does not take so many values");
            }
        }
        return chan;
    }
}
