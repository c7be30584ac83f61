package dev.runnel;

import org.jspecify.annotations.Nullable;

/**
 * A place in one of the {@link WaitQueues} of a channel: one goroutine that waits to send or to receive one value on
 * one channel. A plain operation waits in one place, which is its {@link Waiter} itself; a select has a {@link
 * SelectNode} for each of its cases, all of which lead to one waiter.
 *
 * <p>All fields are guarded by the channel's lock while the node is queued. {@link #item} changes hands by
 * {@link #complete}: who completes the wait reads or writes it before, the owner after. From the moment the wait is
 * completed the node of a select is its owner's again, who may be using it elsewhere already; nobody else may touch it. A
 * plain operation uses its waiter once, so that a {@link Relay} may still link it, under the lock of its end.
 */
abstract class WaitNode {

    /**
     * For a sender: the value it offers, or null once the channel was closed over it. For a receiver: the value it was
     * given, or null if it was given none and the channel is closed.
     */
    @Nullable
    Object item;

    @Nullable
    WaitNode prev;
    @Nullable
    WaitNode next;

    /** Whether the goroutine wants to send; else it wants to receive. */
    final boolean sends;

    /** Whether the node stands in a queue. */
    boolean queued;

    WaitNode(boolean sends, @Nullable Object item) {
        this.sends = sends;
        this.item = item;
    }

    /**
     * Ends the wait in favour of this node, unless it has ended already. The caller holds the lock of the node's
     * channel, has marked the node as standing in no queue, and has done with it what the owner is to find; after a
     * true it must not touch it again, but for a {@link Relay}. If the owner is parked, the release of the lock will
     * wake it.
     *
     * @return whether this call ended the wait
     */
    abstract boolean complete(WaitQueues queues);
}
