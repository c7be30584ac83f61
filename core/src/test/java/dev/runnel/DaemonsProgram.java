package dev.runnel;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/**
 * Has all daemons of Runnel started, by its main thread, and returns; a process of its own for {@link DaemonsTest}.
 * What a thread would inherit from the main one throws.
 */
final class DaemonsProgram {

    static final String PASSED = "passed";

    private static final SpinLock LOCK = new SpinLock();

    private static volatile boolean locked;

    private DaemonsProgram() {}

    public static void main(String[] args) throws Exception {
        Thread main = Thread.currentThread();
        Thread holder = Go.go(() -> {
            LOCK.lock();
            locked = true;
            while (LockSupport.getBlocker(main) != LOCK) {
                Thread.onSpinWait();
            }
            LOCK.unlock();
        });
        while (!locked) {
            Thread.onSpinWait();
        }
        InheritableThreadLocal<Boolean> inherited = new InheritableThreadLocal<>() {
            @Override
            protected Boolean childValue(Boolean parentValue) {
                throw new IllegalStateException(
                        "a thread of Runnel's inherits from the one that was the first to wait");
            }
        };
        inherited.set(true);
        LOCK.lock(); // has the daemon started that looks after locks whose holder is stopped
        Go.sleep(Duration.ofMillis(1)); // the one for what waits by time
        Context.background().withTimeout(Duration.ofHours(1)).close(); // loads classes, or the next were done at once
        Set<String> daemons;
        do { // on a slow machine the context may be done at once
            try (CancelContext context = Context.background().withTimeout(Duration.ofMillis(50))) {
                context.done().receive(); // the one that ends contexts
            }
            daemons = daemons();
        } while (!daemons.contains("runnel-contexts"));
        holder.join();
        if (!daemons.containsAll(Set.of("runnel-stalled-locks", "runnel-deadlines"))) {
            throw new AssertionError("not all have been started: " + daemons);
        }
        System.out.println(PASSED);
    }

    private static Set<String> daemons() {
        Set<String> names = new HashSet<>();
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().startsWith("runnel-")) {
                names.add(thread.getName());
                if (!thread.isDaemon()) { // it might end by itself, but later
                    throw new AssertionError(thread + " keeps the JVM from ending");
                }
            }
        }
        return names;
    }
}
