package dev.runnel;

import java.lang.reflect.Field;

/** Looks into the queues of a channel, and of a wait group. */
final class Waiting {

    private Waiting() {}

    static int senders(Chan<?> chan) {
        return ((LockedChan<?>) chan).sendersQueued();
    }

    static int receivers(Chan<?> chan) {
        return ((LockedChan<?>) chan).receiversQueued();
    }

    static int awaiting(WaitGroup group) {
        try {
            Field gate = WaitGroup.class.getDeclaredField("gate");
            gate.setAccessible(true);
            LockedChan<?> chan = (LockedChan<?>) gate.get(group);
            return chan == null ? 0 : chan.receiversQueued();
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("WaitGroup has no gate", e);
        }
    }
}
