package dev.runnel.benchmarks;

import clojure.java.api.Clojure;
import clojure.lang.IFn;

/** Clojure's core.async: go blocks, which are in a Clojure file of their own and compiled when it is loaded. */
final class CoreAsyncSubject implements Subject {

    /** So many sends or receives may wait at a channel; the next one fails. */
    private static final int MAX_WAITING = 1024;

    private static final String NAMESPACE = "dev.runnel.benchmarks.core-async";

    static {
        Clojure.var("clojure.core", "require").invoke(Clojure.read(NAMESPACE));
    }

    static IFn function(String name) {
        return Clojure.var(NAMESPACE, name);
    }

    private static void checkWaiting(int waiting) {
        if (waiting > MAX_WAITING) {
            throw new UnsupportedOperationException("no more than " + MAX_WAITING + " may wait at one channel");
        }
    }

    @Override
    public long transfer(int producers, int consumers, int capacity, int elements) {
        checkWaiting(Math.max(producers, consumers));
        return (long) function("transfer").invoke(producers, consumers, capacity, elements);
    }

    @Override
    public long work(int pairs, int capacity, Work work, int elements) {
        checkWaiting(pairs);
        return (long) function("work").invoke(pairs, capacity, work, elements);
    }

    @Override
    public long pingPong(int elements) {
        return (long) function("ping-pong").invoke(elements);
    }

    @Override
    public long fillAndDrain(int capacity, int elements) {
        return (long) function("fill-and-drain").invoke(capacity, elements);
    }

    @Override
    public long pipeline(int stages, int elements) {
        return (long) function("pipeline").invoke(stages, elements);
    }

    @Override
    public long sieve(int limit) {
        return (long) function("sieve").invoke(limit);
    }

    @Override
    public long workers(int workers, int elements) {
        checkWaiting(workers);
        return (long) function("workers").invoke(workers, elements);
    }

    @Override
    public long select(int channels, int elements) {
        return (long) function("select").invoke(channels, elements);
    }

    @Override
    public long selectTimeout(int channels, int elements) {
        return (long) function("select-timeout").invoke(channels, elements);
    }

    @Override
    public long selectReady(int channels, int elements) {
        return (long) function("select-ready").invoke(channels, elements);
    }

    @Override
    public long selectOtherwise(int channels, int turns) {
        return (long) function("select-otherwise").invoke(channels, turns);
    }

    @Override
    public long selectSend(int channels, int elements) {
        return (long) function("select-send").invoke(channels, elements);
    }

    @Override
    public long selectBoth(int pairs, int elements) {
        return (long) function("select-both").invoke(pairs, elements);
    }

    @Override
    public long tryFailing(int capacity, int tries) {
        return (long) function("try-failing").invoke(capacity, tries);
    }

    @Override
    public long start(int goroutines) {
        return ((Number) function("start").invoke(goroutines)).longValue();
    }

    @Override
    public Parked park(int goroutines) {
        throw new UnsupportedOperationException("no more than " + MAX_WAITING + " may wait at one channel");
    }

    @Override
    public Patterns patterns() {
        return new CoreAsyncPatterns();
    }
}
