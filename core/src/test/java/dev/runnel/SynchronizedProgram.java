package dev.runnel;

/**
 * Waits for a value inside of {@code synchronized}, on the only carrier there is; a process of its own for {@link
 * SynchronizedTest}. Prints whether another goroutine could run meanwhile.
 */
final class SynchronizedProgram {

    static final String OTHERS_RUN = "others run";
    static final String CARRIER_IS_KEPT = "the carrier is kept";

    private static final Object MONITOR = new Object();

    private static volatile boolean otherHasRun;
    private static volatile boolean ranMeanwhile;

    private SynchronizedProgram() {}

    /** The first argument is what is expected: whether to wait for the other goroutine. */
    public static void main(String[] args) throws Exception {
        Chan<Integer> chan = Chan.make();
        Thread receiver = Go.go(() -> {
            synchronized (MONITOR) {
                chan.receive();
                ranMeanwhile = otherHasRun;
            }
        });
        while (receiver.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        Thread other = Go.go(() -> otherHasRun = true);
        while (args[0].equals(OTHERS_RUN) && !otherHasRun) {
            Thread.onSpinWait();
        }
        chan.send(1); // from a platform thread, which needs no carrier
        receiver.join();
        other.join();
        System.out.println(ranMeanwhile ? OTHERS_RUN : CARRIER_IS_KEPT);
    }
}
