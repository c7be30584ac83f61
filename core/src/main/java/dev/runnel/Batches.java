package dev.runnel;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Many values at once: {@link SendChan#sendAll} and {@link ReceiveChan#drain}, made of what a channel does in one
 * critical section ({@link LockedChan#offerSome}, {@link LockedChan#pollSome}) and of the plain operations where that
 * is none. Each value is sent or received by itself, and others may come in between.
 */
final class Batches {

    /** How many values are sent or received in one critical section at the most. */
    static final int BATCH = 32;

    private Batches() {}

    /** Sends all values in their order, as {@link SendChan#sendAll}. */
    static <T extends Object> void sendAll(LockedChan<T> chan, Collection<? extends T> values)
            throws InterruptedException {
        Object[] all = elementsOf(values);
        int sent = 0;
        do {
            Object outcome = LockedChan.TAKEN;
            try {
                Waiter.checkInterrupt();
                sent += chan.offerSome(all, sent);
                if (sent < all.length) {
                    outcome = chan.transfer(true, all[sent]);
                }
            } catch (InterruptedException e) {
                throw interrupted(sent, all.length);
            }
            if (outcome == LockedChan.CLOSED) {
                throw chan.sendOnClosed(" (" + sent + " of " + all.length + " values had been sent)");
            }
            sent++;
            if (outcome != LockedChan.TAKEN) {
                chan.finishSend(outcome);
            }
        } while (sent < all.length);
    }

    /** The elements of a collection, none of which is null. */
    @SuppressWarnings("nullness:assignment") // it looks at each of them
    static Object[] elementsOf(Collection<?> values) {
        Object[] all = Objects.requireNonNull(values, "the collection is null").toArray();
        for (int i = 0; i < all.length; i++) {
            if (all[i] == null) {
                throw new NullPointerException(
                        "value " + i + " of " + all.length + " is null: " + LockedChan.NULL_SENT);
            }
        }
        return all;
    }

    /** What is thrown where some of several values have been sent. */
    static InterruptedException interrupted(int sent, int of) {
        return new InterruptedException("interrupted when " + sent + " of " + of + " values had been sent");
    }

    /** Receives what is there, as {@link ReceiveChan#drain}. */
    static <T extends Object> List<T> drain(LockedChan<T> chan, int max) {
        ArrayList<T> drained = new ArrayList<>(Math.min(checkMax(max), BATCH));
        @Nullable Object[] batch = new @Nullable Object[Math.min(max, BATCH) + 1];
        Object end;
        do {
            int most = Math.min(max - drained.size(), BATCH);
            drained.ensureCapacity(drained.size() + most); // what has been received must find room
            int n = chan.pollSome(batch, most);
            for (int i = 0; i < n; i++) {
                T value = LockedChan.valueOf(batch[i]);
                if (value != null) {
                    drained.add(value);
                }
            }
            end = batch[n];
        } while (end == LockedChan.WAITING && drained.size() < max);
        if (end == LockedChan.CLOSED && drained.isEmpty()) {
            chan.checkCause();
        }
        return drained;
    }

    /** Returns how many values shall be received at the most, if that is one at least. */
    static int checkMax(int max) {
        if (max < 1) {
            throw new IllegalArgumentException(
                    "max is " + max + ": give how many values to receive at the most, which is 1 or more");
        }
        return max;
    }
}
