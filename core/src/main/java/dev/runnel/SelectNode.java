package dev.runnel;

/** The place of one case of a select in the queue of its channel. */
final class SelectNode extends WaitNode {

    private Waiter waiter;

    /** The index of the case, which tells the waiter's owner which one has happened. */
    private int index;

    SelectNode(boolean sends, Waiter waiter, int index) {
        super(sends, null);
        this.waiter = waiter;
        this.index = index;
    }

    /** Makes the node ready to be queued once more. */
    void reuse(Waiter newWaiter, int newIndex) {
        waiter = newWaiter;
        index = newIndex;
    }

    /** Whether it is this waiter's. */
    boolean leadsTo(Waiter owner) {
        return waiter == owner;
    }

    @Override
    boolean complete(WaitQueues queues) {
        return waiter.complete(index, queues);
    }
}
