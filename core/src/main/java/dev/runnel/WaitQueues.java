package dev.runnel;

import org.jspecify.annotations.Nullable;

/**
 * The goroutines that wait at a channel: a queue of those that want to send, and one of those that want to receive,
 * each first in, first out. They are doubly linked lists through the nodes themselves, so that joining and leaving cost
 * the same wherever a node stands, and allocate nothing.
 *
 * <p>They are fields of the lock that guards them, and not objects of their own, because whoever takes the lock is
 * about to read them: it is the number of cache lines that change hands which makes a channel slow.
 *
 * <p>All fields are guarded by this lock.
 */
abstract class WaitQueues extends SpinLock {

    @Nullable
    WaitNode firstSender;
    @Nullable
    WaitNode firstReceiver;
    private @Nullable WaitNode lastSender;
    private @Nullable WaitNode lastReceiver;

    /** Adds a node that stands in no queue at the end of its queue. */
    final void enqueue(WaitNode node) {
        WaitNode last;
        if (node.sends) {
            last = lastSender;
            lastSender = node;
            if (last == null) {
                firstSender = node;
            }
        } else {
            last = lastReceiver;
            lastReceiver = node;
            if (last == null) {
                firstReceiver = node;
            }
        }
        if (last != null) {
            last.next = node;
        }
        node.prev = last;
        node.next = null;
        node.queued = true;
    }

    /** Takes a node out of its queue, if it still stands there. */
    final void dequeue(WaitNode node) {
        if (!node.queued) {
            return;
        }
        WaitNode before = node.prev;
        WaitNode after = node.next;
        if (before != null) {
            before.next = after;
        } else if (node.sends) {
            firstSender = after;
        } else {
            firstReceiver = after;
        }
        if (after != null) {
            after.prev = before;
        } else if (node.sends) {
            lastSender = before;
        } else {
            lastReceiver = before;
        }
        node.prev = null;
        node.next = null;
        node.queued = false;
    }

    /** Puts a node that was first in its queue, and was taken out, back in its place. */
    final void putBack(WaitNode node) {
        WaitNode after;
        if (node.sends) {
            after = firstSender;
            firstSender = node;
            if (after == null) {
                lastSender = node;
            }
        } else {
            after = firstReceiver;
            firstReceiver = node;
            if (after == null) {
                lastReceiver = node;
            }
        }
        if (after != null) {
            after.prev = node;
        }
        node.next = after;
        node.queued = true;
    }

    /** How many nodes stand in a queue, counted one by one. */
    static int count(@Nullable WaitNode first) {
        int n = 0;
        for (WaitNode node = first; node != null; node = node.next) {
            n++;
        }
        return n;
    }
}
