package dev.runnel.benchmarks;

/** What is sent: numbers that were boxed beforehand, so that what a benchmark allocates is its subject's doing. */
public final class Elements {

    private static final int DISTINCT = 1024;
    private static final Integer[] BOXED = new Integer[DISTINCT];

    static {
        for (int i = 0; i < DISTINCT; i++) {
            BOXED[i] = i;
        }
    }

    private Elements() {}

    /** The i-th element that somebody sends. */
    public static Integer get(int i) {
        return BOXED[i & DISTINCT - 1];
    }

    /** The sum of the first so many elements. */
    static long sum(int elements) {
        long whole = elements / DISTINCT;
        long rest = elements % DISTINCT;
        return whole * DISTINCT * (DISTINCT - 1) / 2 + rest * (rest - 1) / 2;
    }

    /**
     * Checks that everything that was sent has been received.
     *
     * @param received the sum of what was received
     * @param senders how many have sent
     * @param each how many elements each of them has sent
     */
    static long check(long received, int senders, int each) {
        long expected = senders * sum(each);
        if (received != expected) {
            throw new IllegalStateException("elements lost or doubled: sum " + received + " in place of " + expected);
        }
        return received;
    }
}
