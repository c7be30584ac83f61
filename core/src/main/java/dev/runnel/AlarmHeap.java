package dev.runnel;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Alarms by their instant: a heap with four children a node, as in Go's {@code runtime/time.go} and in the JDK's {@code
 * java.util.concurrent.DelayScheduler}. It is half as deep as one with two, and the instants of all four lie in one or
 * two cache lines. Each alarm knows its place, so that it can be moved and taken out at the cost of its depth.
 *
 * <p><b>Invariants</b>: no alarm comes before its parent; for each {@code i} below {@code size}, {@code
 * alarms[i].position == i}; and from there on there is nothing in {@code alarms}. Instants are compared by subtraction.
 *
 * <p>A stack overflow changes nothing: no calls are made from the first write to the last. Not shared between threads.
 */
final class AlarmHeap {

    private static final int INITIAL = 64;

    private long[] deadlines = new long[INITIAL];
    private @Nullable Alarm[] alarms = new @Nullable Alarm[INITIAL];
    private int size;

    /** How many alarms there are. */
    int size() {
        return size;
    }

    /** How many there are that somebody has asked for, counted one by one. */
    int countAskedFor() {
        int n = 0;
        for (int i = 0; i < size; i++) {
            Alarm alarm = alarms[i];
            if (alarm != null && !alarm.isInternal()) {
                n++;
            }
        }
        return n;
    }

    /** The alarm that comes first, or null if there is none. */
    @Nullable
    Alarm first() {
        return alarms[0];
    }

    /** When the first alarm is to go off; there has to be one. */
    long firstDeadline() {
        return deadlines[0];
    }

    /**
     * Adds an alarm, or moves it if it is here.
     *
     * @return whether it was here
     */
    boolean put(Alarm alarm, long deadline) {
        int at = alarm.position;
        if (at >= 0) {
            place(alarm, deadline, at, size);
            return true;
        }
        if (size == alarms.length) {
            long[] longer = Arrays.copyOf(deadlines, 2 * size);
            alarms = Arrays.copyOf(alarms, 2 * size);
            deadlines = longer;
        }
        place(alarm, deadline, size, size + 1);
        return false;
    }

    /**
     * Takes an alarm out.
     *
     * @return whether it was here
     */
    boolean remove(Alarm alarm) {
        int at = alarm.position;
        if (at < 0) {
            return false;
        }
        int last = size - 1;
        Alarm moved = alarms[last];
        if (moved != null && moved != alarm) {
            place(moved, deadlines[last], at, last);
        } else {
            size = last;
            alarms[last] = null;
        }
        alarm.position = Alarm.UNSET;
        return true;
    }

    /**
     * Puts an alarm where it belongs on the way from a place to the root, or from there to the leaves.
     *
     * @param hole the place, whose alarm may be overwritten
     * @param newSize how many alarms there are after that; those behind are dropped
     */
    private void place(Alarm alarm, long deadline, int hole, int newSize) {
        long[] when = deadlines;
        @Nullable Alarm[] who = alarms;
        size = newSize;
        if (newSize < who.length) {
            who[newSize] = null;
        }
        int at = hole;
        while (at > 0) {
            int parent = (at - 1) / 4;
            Alarm above = who[parent];
            if (deadline - when[parent] >= 0 || above == null) {
                break;
            }
            when[at] = when[parent];
            who[at] = above;
            above.position = at;
            at = parent;
        }
        if (at == hole) {
            for (int child; (child = 4 * at + 1) < newSize;) {
                int end = child + 4 < newSize ? child + 4 : newSize;
                for (int i = child + 1; i < end; i++) {
                    if (when[i] - when[child] < 0) {
                        child = i;
                    }
                }
                Alarm below = who[child];
                if (when[child] - deadline >= 0 || below == null) {
                    break;
                }
                when[at] = when[child];
                who[at] = below;
                below.position = at;
                at = child;
            }
        }
        when[at] = deadline;
        who[at] = alarm;
        alarm.position = at;
    }
}
