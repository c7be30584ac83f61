package dev.runnel.correctness.races;

import dev.runnel.Case;
import dev.runnel.CaseSet;
import dev.runnel.Chan;
import dev.runnel.ChanClosedException;
import dev.runnel.Context;
import dev.runnel.ContextException;
import dev.runnel.DeadlineExceededException;
import dev.runnel.Go;
import dev.runnel.ReceiveChan;
import dev.runnel.WaitGroup;
import java.util.concurrent.CountDownLatch;

/** Operations whose exceptions are results. */
final class Calls {

    static final String SENT = "sent";
    static final String CLOSED = "closed";
    static final String INTERRUPTED = "interrupted";
    static final String DONE = "done";
    static final String DEADLINE = "deadline";
    static final String OTHERWISE = "otherwise";

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

    /** Sends a value unless a context is done first. */
    static String send(Chan<Integer> chan, int value, Context context) {
        try {
            chan.send(value, context);
            return SENT;
        } catch (ContextException e) {
            return DONE;
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

    /** Receives a value: that, null, closed if there was a cause, or interrupted. */
    static Object receive(ReceiveChan<?> chan) {
        try {
            return chan.receive();
        } catch (ChanClosedException e) {
            return CLOSED;
        } catch (InterruptedException e) {
            return INTERRUPTED;
        }
    }

    /** Receives a value unless a context is done first. */
    static Object receive(Chan<Integer> chan, Context context) {
        try {
            return chan.receive(context);
        } catch (ContextException e) {
            return DONE;
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
            return chosen(Go.select(a, b), a);
        } catch (ChanClosedException e) {
            return CLOSED;
        } catch (InterruptedException e) {
            return INTERRUPTED;
        }
    }

    /** Selects, or does otherwise: the letter of the chosen case, then its value if there is one; or otherwise. */
    static String select(Case<Integer> a, Case<Integer> b, Case<Integer> otherwise) {
        try {
            Case<? extends Integer> chosen = Go.select(a, b, otherwise);
            return chosen == otherwise ? OTHERWISE : chosen(chosen, a);
        } catch (InterruptedException e) {
            return INTERRUPTED;
        }
    }

    /** Selects as the one with two cases does, the first case being the first choice. */
    static String selectFirst(Case<Integer> a, Case<Integer> b) {
        try {
            return chosen(Go.selectFirst(a, b), a);
        } catch (ChanClosedException e) {
            return CLOSED;
        } catch (InterruptedException e) {
            return INTERRUPTED;
        }
    }

    /** The same for a set, in which one case is a. */
    static String select(CaseSet<Integer> set, Case<Integer> a) {
        try {
            return chosen(set.select(), a);
        } catch (ChanClosedException e) {
            return CLOSED;
        } catch (InterruptedException e) {
            return INTERRUPTED;
        }
    }

    /** The same, or null if no case is ready. */
    static String trySelect(CaseSet<Integer> set, Case<Integer> a) {
        try {
            Case<? extends Integer> chosen = set.trySelect();
            return chosen == null ? null : chosen(chosen, a);
        } catch (ChanClosedException e) {
            return CLOSED;
        } catch (InterruptedException e) {
            return INTERRUPTED;
        }
    }

    private static String chosen(Case<? extends Integer> chosen, Case<Integer> a) {
        Integer value = chosen.value();
        return (chosen == a ? "a" : "b") + (value == null ? "" : value);
    }

    /** The message of a context's cause; or deadline, or null. */
    static String cause(Context context) {
        Throwable cause = context.cause();
        return cause == null ? null : cause instanceof DeadlineExceededException ? DEADLINE : cause.getMessage();
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

    /** Waits until something has happened. */
    static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
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

    /** An unbuffered channel at which a goroutine has come to wait, to send a value. */
    static Chan<Integer> offered(int value) {
        Chan<Integer> chan = Chan.make();
        Thread sender = Go.go(() -> chan.send(value));
        while (sender.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        return chan;
    }
}
