package dev.runnel;

import java.time.Duration;

/**
 * Exhausts its own memory, while goroutines send and receive; a process of its own for {@link OutOfMemoryTest}. Prints
 * what went wrong, or {@link #PASSED}.
 */
final class OutOfMemoryProgram {

    static final String PASSED = "passed";

    /** Caught where there is no room to load it. */
    private static final Class<?> ENSURE_LOADED = OutOfMemoryError.class;

    /** Up to how many of the last pieces of memory are left for the operations. */
    private static final int MOST_SPARE = 48;

    /** The bytes of an object with one field, on every JVM that this is run on. */
    private static final int LEAST_PIECE_BYTES = 16;

    /** All memory there is, piece by piece. */
    private static volatile Piece hoard;

    /** The least piece there can be: what is left when there is no room for one is too little for anything. */
    private static class Piece {
        Piece next;

        Piece(Piece next) {
            this.next = next;
        }
    }

    private static final class LargePiece extends Piece {
        final byte[] space;

        LargePiece(int size, Piece next) {
            super(next);
            this.space = new byte[size];
        }
    }

    /** More than a receiver spins. */
    private static final int TURNS_BETWEEN_SENDS = 2_000;

    private static volatile boolean over;
    private static volatile boolean exhausted;
    private static volatile int sent;
    private static volatile String outcome;

    /** Who of those that Runnel runs in the background has cried out. */
    private static volatile Thread loud;

    private OutOfMemoryProgram() {}

    public static void main(String[] args) {
        Thread.setDefaultUncaughtExceptionHandler((thread, thrown) -> loud = thread);
        System.out.println(); // so that the classes that print are there: without memory they can never be initialized
        try {
            receiveWhileMemoryIsExhausted();
            lockIsHeldWhileMemoryIsExhausted();
            check(loud == null, "not only who operates has been told: " + loud);
            System.out.println(PASSED);
        } catch (Throwable e) {
            hoard = null;
            e.printStackTrace(System.out);
            System.exit(1);
        }
    }

    private interface Receiving {
        Object receive(Chan<Object> chan) throws InterruptedException;
    }

    private static void receiveWhileMemoryIsExhausted() throws Exception {
        int byReceive = struck(Chan::receive);
        int bySelect = struck(chan -> Go.select(chan.onReceive(), Chan.absent().onReceive()).value());
        int byDeadline = struck(chan -> Go.select(chan.onReceive(), Go.after(Duration.ofHours(1))).value());
        check(byReceive > 0, "no receive has run out of memory");
        check(bySelect > 0, "no select has run out of memory");
        check(byDeadline > 0, "no select with a deadline has run out of memory");
        check(Deadlines.ALL.size() == 0, "a deadline is left");
    }

    /**
     * Receives with hardly any memory left, while somebody tries to send, so rarely that the receiver has to queue.
     * Returns how often there was too little.
     */
    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread counts
    private static int struck(Receiving receiving) throws Exception {
        Chan<Object> chan = Chan.make();
        over = false;
        sent = 0;
        Thread sender = Thread.ofPlatform().daemon().start(() -> {
            while (!over) {
                for (int i = 0; i < TURNS_BETWEEN_SENDS; i++) {
                    Thread.onSpinWait();
                }
                try {
                    if (chan.trySend("value")) {
                        sent = sent + 1;
                    }
                } catch (OutOfMemoryError e) {
                    // not sent
                }
            }
        });
        int received = 0;
        int struck = 0;
        for (; received < 1_000; received++) {
            receiving.receive(chan); // so that all classes are there
            hoard = new Piece(hoard);
        }
        release(received);
        for (int spare = 0; spare < MOST_SPARE; spare++) {
            takeAllMemory();
            release(spare);
            try {
                for (int i = 0; i < 10; i++) {
                    receiving.receive(chan);
                    received++;
                }
            } catch (OutOfMemoryError e) {
                struck++;
            }
            hoard = null;
        }
        over = true;
        sender.join();
        check(sent == received, sent + " sent, " + received + " received");
        check(!chan.trySend("value"), "somebody would swallow a value");
        check(Waiting.receivers(chan) == 0, "receivers left in the queue");
        return struck;
    }

    /** Takes all memory, and the last of it in pieces of the least size, more than {@link #MOST_SPARE} of them. */
    private static void takeAllMemory() {
        hoard = new LargePiece(LEAST_PIECE_BYTES * MOST_SPARE, null);
        for (int size = 1 << 20; size > 0; size /= 64) {
            try {
                for (Piece first = hoard;;) {
                    first.next = new LargePiece(size, first.next);
                }
            } catch (OutOfMemoryError e) {
                // then smaller pieces
            }
        }
        hoard = hoard.next;
        try {
            for (;;) {
                hoard = new Piece(hoard);
            }
        } catch (OutOfMemoryError e) {
            // that was all
        }
    }

    /** Gives back the last pieces. */
    private static void release(int pieces) {
        for (int i = 0; i < pieces; i++) {
            hoard = hoard.next;
        }
    }

    /** Who finds the lock taken for long waits for it in a way that takes memory, unless there is none. */
    private static void lockIsHeldWhileMemoryIsExhausted() throws Exception {
        LockedChan<Object> chan = (LockedChan<Object>) Chan.make(1);
        Thread sender = Thread.ofPlatform().daemon().start(() -> {
            while (!exhausted) {
                Thread.onSpinWait();
            }
            try {
                outcome = chan.trySend("value") ? PASSED : "it was not sent";
            } catch (Throwable e) {
                outcome = "it has failed";
            }
        });
        long start = System.nanoTime();
        chan.lockAll();
        try {
            takeAllMemory();
            exhausted = true;
            start = System.nanoTime();
            while (outcome == null && System.nanoTime() - start < 50_000_000) {
                Thread.onSpinWait();
            }
        } finally {
            chan.unlockAll();
        }
        hoard = null;
        sender.join();
        check(outcome == PASSED, outcome);
        check(chan.tryReceive() != null, "the value is not there");
    }

    private static void check(boolean holds, String otherwise) {
        if (!holds) {
            System.out.println(otherwise);
            System.exit(1);
        }
    }
}
