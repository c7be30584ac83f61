package dev.runnel;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A case about a channel. It has a node of its own, which {@link Selection} queues at the channel if it has to wait.
 *
 * @param <T> the type of the channel's values
 * @param <V> the type of the case's value
 */
abstract sealed class ChanCase<T extends Object, V> extends Case<V> permits ReceiveCase, SendCase {

    /** The channel, or null if it is the absent one: then the case is never ready and never queued. */
    final @Nullable LockedChan<T> chan;

    /** Made when a select first has to wait with this case. */
    @Nullable
    SelectNode node;

    final boolean sends;

    ChanCase(@Nullable LockedChan<T> chan, boolean sends) {
        this.chan = chan;
        this.sends = sends;
    }

    @Override
    final boolean isByTime() {
        return chan instanceof TimerChan;
    }

    @Override
    final boolean poll() {
        return chan != null && accept(attempt(chan));
    }

    @Override
    final boolean pollLocked() {
        return chan != null && accept(attemptLocked(chan));
    }

    @Override
    final boolean mayBeReady() {
        return chan != null && chan.mayBeReady(sends);
    }

    /**
     * Sits at the channel for some nanoseconds, or until another case of the select may be possible, and then queues the
     * node at the head; unless others are there already.
     *
     * @return whether the case has happened
     */
    final boolean happensInSeat(Selection select, int nanos) {
        Object offered = offered();
        Object placed = offered == null ? WaitQueues.WAITING : offered;
        return accept(present().transferInSeat(sends, placed, select, nanos, readyNode()));
    }

    /** Sends or receives if that needs no waiting; returns what the channel does. */
    abstract @Nullable Object attempt(LockedChan<T> on);

    /** Sends or receives on a locked channel if that needs no waiting; returns what the channel does. */
    abstract @Nullable Object attemptLocked(LockedChan<T> on);

    /**
     * Polls once more, and if that is in vain has the watch told when it may not be so.
     *
     * @return whether the case has happened
     */
    final boolean pollOrArm(Watch ofThis) {
        return present().pollOrArm(this, ofThis, ofThis.joined ? null : new Watches());
    }

    /** Takes the watch out of its channel. */
    final void forget(Watch ofThis) {
        present().forget(ofThis);
    }

    /** Queues the node, unless the watch has been told that it need not. */
    @SuppressWarnings("nullness:argument") // it was made ready
    final void enqueueIfArmed(Watch ofThis) {
        present().enqueueIfArmed(ofThis, Objects.requireNonNull(node));
    }

    /** The channel, where it cannot be the absent one, which has no watches and whose cases do not happen. */
    @SuppressWarnings("nullness:argument")
    final LockedChan<T> present() {
        return Objects.requireNonNull(chan);
    }

    /** Makes the node ready to be queued. */
    final void prepareNode(Waiter waiter, int index) {
        SelectNode n = node;
        if (n == null) {
            n = new SelectNode(sends, waiter, index);
            node = n;
        } else {
            n.reuse(waiter, index);
        }
        n.item = offered();
    }

    /** Queues the node; the lock of the channel is held. */
    final void enqueue() {
        LockedChan<T> c = chan;
        SelectNode n = node;
        if (c != null && n != null) {
            c.enqueue(n);
        }
    }

    /** Queues the node before all others; the lock of the channel is held. */
    final void enqueueFirst() {
        present().enqueueFirst(readyNode());
    }

    /** Takes the node out of its queue, if it stands there, and says whether it did; the lock of the channel is held. */
    final boolean leaveLocked() {
        SelectNode n = node;
        if (n == null || !n.queued) {
            return false;
        }
        present().dequeue(n);
        return true;
    }

    @SuppressWarnings("nullness:argument") // it was made ready
    private SelectNode readyNode() {
        return Objects.requireNonNull(node);
    }

    /** Takes the node out of its queue, if it still stands there. */
    final void leave() {
        LockedChan<T> c = chan;
        SelectNode n = node;
        if (c != null && n != null) {
            c.leave(n);
        }
    }

    /** Takes over what a partner has left in the node when it completed the wait in its favour. */
    final void accept() {
        SelectNode n = node;
        if (n != null) {
            accept(n.item == null ? LockedChan.CLOSED : sends ? LockedChan.TAKEN : n.item);
            n.item = null;
        }
    }

    /** What the node offers; null if it is to be given something. */
    abstract @Nullable T offered();

    /**
     * Takes over what a channel has returned, or a partner has left.
     *
     * @return whether the case has happened; not if there is nothing
     */
    abstract boolean accept(@Nullable Object outcome);
}
