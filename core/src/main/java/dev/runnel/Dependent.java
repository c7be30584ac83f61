package dev.runnel;

import org.jspecify.annotations.Nullable;

/**
 * What is to be told when a context ends: a context under it, or something to be done. It is its own link in the ring
 * of all that depend on the same {@link Cancellation}, which guards the fields and says who may touch them when.
 */
abstract class Dependent {

    /** What it depends on; null if that is nothing, or it has ended. */
    @Nullable
    Cancellation parent;

    /** The one before it in its ring; itself if it is alone. */
    Dependent previous;
    Dependent next;

    @SuppressWarnings("nullness:assignment") // as a link this is complete
    Dependent() {
        previous = this;
        next = this;
    }

    /** Leaves what it depends on; to be called once, by the one who ended it. */
    final void leaveParent() {
        Cancellation p = parent;
        if (p != null) {
            p.remove(this);
            parent = null;
        }
    }

    /** Is told that what it depends on has ended: once at the most, while no lock is held. */
    abstract void parentEnded();

    // Rings. Each is known by its first; null is the empty one.

    /** Joins two rings, the second behind the first. */
    static @Nullable Dependent joined(@Nullable Dependent a, @Nullable Dependent b) {
        if (a == null || b == null) {
            return a == null ? b : a;
        }
        Dependent endOfA = a.previous;
        Dependent endOfB = b.previous;
        endOfA.next = b;
        b.previous = endOfA;
        endOfB.next = a;
        a.previous = endOfB;
        return a;
    }

    /** Takes one out of its ring; gives what comes behind it, or null if that was all. */
    static @Nullable Dependent without(Dependent one) {
        Dependent before = one.previous;
        Dependent behind = one.next;
        before.next = behind;
        behind.previous = before;
        one.previous = one;
        one.next = one;
        return behind == one ? null : behind;
    }
}
