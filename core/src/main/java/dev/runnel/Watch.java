package dev.runnel;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A case that is in a {@link CaseSet}: its place among the {@link Watches} of its channel, or on the list of those that
 * its set is to look at. See {@link CaseSetTurns}.
 *
 * <table>
 *   <caption>Fields</caption>
 *   <tr><th>field</th><th>guard</th></tr>
 *   <tr><td>armed, joined, nodeNeeded</td><td>lock of the channel; written by the owner of the set, {@code armed} also
 *       by who tells</td></tr>
 *   <tr><td>listed</td><td>lock of the set</td></tr>
 *   <tr><td>prev, next</td><td>the lock of the list in which it stands; else they are the owner's</td></tr>
 *   <tr><td>the others</td><td>the owner of the set</td></tr>
 * </table>
 */
final class Watch {

    /** The set, to be told. */
    final CaseSetTurns set;

    final Case<?> watched;

    /** The case if it is about a channel, and not the absent one. */
    final @Nullable ChanCase<?, ?> onChan;

    /** Whether that case sends. */
    final boolean sends;

    /** Its number in the order in which they came, by which instants that are the same are ordered. */
    final long number;

    /** Its place among the members of the set. */
    int index;

    @Nullable
    Watch prev;
    @Nullable
    Watch next;

    /** Whether it is to be told by its channel. */
    boolean armed;

    /** Whether it is counted by its channel. */
    boolean joined;

    /** Whether the set is to look at it. */
    boolean listed;

    /** Whether it sends and has nothing to send, or its instant has not come. */
    boolean resting;

    /** Whether it has to queue up while its set waits, for there may be nobody to meet it but sets. */
    boolean nodeNeeded;

    /** Whether it is among those that its set has noted for that. */
    boolean noted;

    Watch(CaseSetTurns set, Case<?> watched, long number) {
        this.set = set;
        this.watched = watched;
        this.number = number;
        this.onChan = watched instanceof ChanCase<?, ?> c && c.chan != null ? c : null;
        this.sends = onChan != null && onChan.sends;
    }

    /** The case of a watch that is about a channel. */
    @SuppressWarnings("nullness:argument")
    ChanCase<?, ?> chanCase() {
        return Objects.requireNonNull(onChan);
    }

    /** Watches in the order in which they came. */
    static final class Queue {

        @Nullable
        Watch first;
        private @Nullable Watch last;

        /** Adds one that stands in no queue. It makes no call, so that it is done wholly or not at all. */
        void add(Watch watch) {
            Watch before = last;
            watch.prev = before;
            watch.next = null;
            last = watch;
            if (before == null) {
                first = watch;
            } else {
                before.next = watch;
            }
        }

        /** Takes out one that stands here. It makes no call, so that it is done wholly or not at all. */
        void remove(Watch watch) {
            Watch before = watch.prev;
            Watch after = watch.next;
            if (before == null) {
                first = after;
            } else {
                before.next = after;
            }
            if (after == null) {
                last = before;
            } else {
                after.prev = before;
            }
            watch.prev = null;
            watch.next = null;
        }
    }
}
