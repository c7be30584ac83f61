package dev.runnel;

import org.jspecify.annotations.Nullable;

/**
 * Something that is to happen at an instant: an entry of {@link Deadlines}, made once and set as often as it is needed.
 */
abstract class Alarm {

    /** The position of an alarm that is not set. */
    static final int UNSET = -1;

    /** The place in the {@link AlarmHeap}, or {@link #UNSET}; guarded by the lock of the deadlines. */
    int position = UNSET;

    /**
     * Sets the alarm, or moves it if it is set. It is not looked at whether the instant has passed: then it goes off at
     * once, on the thread for that.
     *
     * @param at the instant, by {@link Clock}
     * @return whether it was set before
     */
    final boolean set(long at) {
        return Deadlines.ALL.set(this, at);
    }

    /**
     * Takes the alarm back. By the return {@link #due} is over or will not be called; but {@link #ring}, if that was
     * not prevented, may be yet to come.
     *
     * @return whether it was set, and so will not go off
     */
    final boolean unset() {
        return Deadlines.ALL.unset(this);
    }

    /** Whether nobody has asked for it, and it comes and goes by itself; tests do not count it. */
    boolean isInternal() {
        return false;
    }

    /**
     * The instant has come: does what must not happen any more once the alarm has been unset. The lock of the deadlines
     * is held, so no other may be taken.
     *
     * @return the thread to be woken because of it, or null if there is none
     */
    @Nullable
    Thread due() {
        return null;
    }

    /**
     * The instant has come, and no lock is held. This is the one thread for all alarms: whatever takes long, or is not
     * Runnel's, is left to another thread. Without memory to do so it is called again, even if it has been unset
     * meanwhile.
     */
    void ring() {}
}
