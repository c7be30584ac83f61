package dev.runnel;

/** Looks into the queues of a channel. */
final class Waiting {

    private Waiting() {}

    static int senders(Chan<?> chan) {
        return ((LockedChan<?>) chan).sendersQueued();
    }

    static int receivers(Chan<?> chan) {
        return ((LockedChan<?>) chan).receiversQueued();
    }
}
