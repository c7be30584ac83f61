package dev.runnel;

import java.lang.reflect.Field;
import java.util.List;

/** Looks into the queues of a channel, of a wait group and of a group, and whether a set waits. */
final class Waiting {

    private Waiting() {}

    static int senders(Chan<?> chan) {
        return ((LockedChan<?>) chan).sendersQueued();
    }

    static int receivers(Chan<?> chan) {
        return ((LockedChan<?>) chan).receiversQueued();
    }

    static int awaiting(WaitGroup group) {
        LockedChan<?> gate = (LockedChan<?>) field(group, "gate");
        return gate == null ? 0 : gate.receiversQueued();
    }

    /** What counts the goroutines of a group. */
    static WaitGroup running(Group group) {
        return (WaitGroup) field(group, "running");
    }

    /** Where goroutines wait until a group has room for one more; null if it has no limit. */
    static Chan<?> places(Group group) {
        return (Chan<?>) field(group, "places");
    }

    /** Guards who of a group is to be interrupted. */
    static SpinLock lock(Group group) {
        return (SpinLock) field(group, "lock");
    }

    /** How many stand in the queue of a channel, or sit before it, to send, but for some sets. */
    static int sendersBut(Chan<?> chan, List<CaseSet<Object>> sets) {
        LockedChan<?> queues = (LockedChan<?>) chan;
        int all = queues.sendersQueued();
        int ofSets = 0;
        queues.lockAll();
        try {
            for (WaitNode node = queues.firstSender; node != null; node = node.next) {
                for (CaseSet<?> set : sets) {
                    ofSets += turns(set).owns(node) ? 1 : 0;
                }
            }
        } finally {
            queues.unlockAll();
        }
        return all - ofSets;
    }

    /** Whether the owner of a set waits, and has nothing to look at. */
    static boolean isAtRest(CaseSet<?> set) {
        CaseSetTurns turns = turns(set);
        turns.lock();
        try {
            return (boolean) field(turns, "waiting") && ((Watch.Queue) field(turns, "listed")).first == null;
        } finally {
            turns.unlock();
        }
    }

    private static CaseSetTurns turns(CaseSet<?> set) {
        return (CaseSetTurns) field(set, "turns");
    }

    private static Object field(Object of, String name) {
        try {
            Field field = of.getClass().getDeclaredField(name);
            field.setAccessible(true);
            return field.get(of);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(of.getClass() + " has no field " + name, e);
        }
    }
}
