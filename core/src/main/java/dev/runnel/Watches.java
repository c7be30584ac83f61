package dev.runnel;

import org.jspecify.annotations.Nullable;

/**
 * The cases of {@link CaseSet}s that are about one channel. There is such an object while there are any, and the lock
 * of the channel guards it. What it is for is told in {@link CaseSetTurns}.
 */
final class Watches {

    /** Those that are to be told when a receive may be possible. */
    private final Watch.Queue armedToReceive = new Watch.Queue();

    /** Those that are to be told when a send may be possible. */
    private final Watch.Queue armedToSend = new Watch.Queue();

    /** How many there are, armed or not. */
    private int joined;

    /** How many of them receive. */
    private int receiving;

    /** How many stand in the queue of those that send. */
    private int sendersArmed;

    /** How many of those that send are to be told, from the first on, that there is somebody new to meet. */
    private int news;

    /** Whether any is to be told of what happens. */
    boolean isArmed() {
        return armedToReceive.first != null || armedToSend.first != null;
    }

    @Nullable
    Watch firstToReceive() {
        return armedToReceive.first;
    }

    @Nullable
    Watch firstToSend() {
        return armedToSend.first;
    }

    /** Whether those that send are to look, though nothing may be possible. */
    boolean hasNews() {
        return news > 0;
    }

    /**
     * Has a watch told when its case may be possible, which it is not now.
     *
     * @param rendezvous whether the channel has no buffer
     */
    void arm(Watch watch, boolean rendezvous) {
        if (!watch.joined) {
            watch.joined = true;
            joined++;
            if (!watch.sends) {
                receiving++;
                news = rendezvous ? sendersArmed : 0;
            }
        }
        if (watch.sends) {
            watch.nodeNeeded = rendezvous && receiving > 0;
            armedToSend.add(watch);
            sendersArmed++;
        } else {
            armedToReceive.add(watch);
        }
        watch.armed = true;
    }

    /** Takes back what {@link #arm} has done, if it has not been told meanwhile. */
    void disarm(Watch watch) {
        if (watch.armed) {
            if (watch.sends) {
                armedToSend.remove(watch);
                sendersArmed--;
                news = Math.min(news, sendersArmed);
            } else {
                armedToReceive.remove(watch);
            }
            watch.armed = false;
        }
    }

    /**
     * Forgets a watch that is not armed.
     *
     * @return whether it was the last one
     */
    boolean leave(Watch watch) {
        if (watch.joined) {
            watch.joined = false;
            watch.nodeNeeded = false;
            joined--;
            if (!watch.sends) {
                receiving--;
            }
        }
        return joined == 0;
    }

    /**
     * Tells an armed watch that its case may be possible. If its set waits, the release of the channel's lock wakes it.
     */
    void tell(Watch watch, WaitQueues queues) {
        CaseSetTurns set = watch.set;
        set.lock();
        try {
            set.wake(queues); // the deepest call, before the first write
            int newsForOthers = watch.sends && news > 0 ? news - 1 : news;
            disarm(watch);
            set.list(watch);
            news = newsForOthers;
        } finally {
            try {
                set.unlock();
            } catch (StackOverflowError e) {
                set.locked = 0;
            }
        }
    }
}
