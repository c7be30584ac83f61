package dev.runnel.benchmarks;

/**
 * What is measured: one library, which does each workload in the way that is natural and fast for it. All subjects move
 * the same {@link Elements} between the same number of goroutines, threads or coroutines, and return what came out at
 * the other end, so that the {@link Workload} can see that they did.
 *
 * <p>A subject that cannot do a workload, or not with these parameters, throws an
 * {@link UnsupportedOperationException} that says why, before it starts anything.
 */
public interface Subject {

    /**
     * Producers send elements to consumers over one channel; each producer sends, and each consumer receives, an equal
     * share of them.
     *
     * @return the sum of what was received
     */
    default long transfer(int producers, int consumers, int capacity, int elements) throws Exception {
        throw new UnsupportedOperationException("it has no channels");
    }

    /**
     * Pairs of a producer and a consumer share one channel, and a consumer {@linkplain Work works} on each element that
     * it has received.
     *
     * @return the sum of what was received
     */
    default long work(int pairs, int capacity, Work work, int elements) throws Exception {
        throw new UnsupportedOperationException("it has no channels");
    }

    /**
     * An element goes to another goroutine over an unbuffered channel, and comes back over another one.
     *
     * @return the sum of what came back
     */
    default long pingPong(int elements) throws Exception {
        throw new UnsupportedOperationException("it has no channels");
    }

    /**
     * One goroutine sends as many elements as the channel holds, then receives them, and so on.
     *
     * @return the sum of what was received
     */
    default long fillAndDrain(int capacity, int elements) throws Exception {
        throw new UnsupportedOperationException("it has no channels");
    }

    /**
     * Elements go through a row of stages, goroutines with an unbuffered channel in front of each.
     *
     * @return the sum of what came out at the end
     */
    default long pipeline(int stages, int elements) throws Exception {
        throw new UnsupportedOperationException("it has no channels");
    }

    /**
     * The prime sieve of Go's tutorial: numbers go through a growing row of goroutines, each of which takes a prime for
     * itself and lets through what that does not divide; the channels are unbuffered.
     *
     * @return the sum of the primes below the limit
     */
    default long sieve(int limit) throws Exception {
        throw new UnsupportedOperationException("it has no channels");
    }

    /**
     * One goroutine sends elements to workers over one channel of capacity 10, the workers send them on over another
     * one, and one goroutine receives them.
     *
     * @return the sum of what was received
     */
    default long workers(int workers, int elements) throws Exception {
        throw new UnsupportedOperationException("it has no channels");
    }

    /**
     * One goroutine selects among unbuffered channels, to each of which another one sends its equal share of the
     * elements.
     *
     * @return the sum of what was received
     */
    default long select(int channels, int elements) throws Exception {
        throw new UnsupportedOperationException("it has no select");
    }

    /** As {@link #select}, with a timeout of an hour in each turn. */
    default long selectTimeout(int channels, int elements) throws Exception {
        throw new UnsupportedOperationException("it has no select with a timeout");
    }

    /**
     * One goroutine sends an element to one of the channels, which have a capacity of 1, and selects among all of them;
     * to each channel in its turn.
     *
     * @return the sum of what was received
     */
    default long selectReady(int channels, int elements) throws Exception {
        throw new UnsupportedOperationException("it has no select");
    }

    /**
     * One goroutine selects among unbuffered channels to which nobody sends, and does not wait.
     *
     * @return how often none was ready
     */
    default long selectOtherwise(int channels, int turns) throws Exception {
        throw new UnsupportedOperationException("it has no select that does not wait");
    }

    /**
     * One goroutine sends each element in a select among unbuffered channels, each of which has a receiver.
     *
     * @return the sum of what all have received
     */
    default long selectSend(int channels, int elements) throws Exception {
        throw new UnsupportedOperationException("it has no select that sends");
    }

    /**
     * Goroutines send elements to as many others over one unbuffered channel, all of them in a select that would also
     * receive from a second channel, to which nobody sends.
     *
     * @return the sum of what was received
     */
    default long selectBoth(int pairs, int elements) throws Exception {
        throw new UnsupportedOperationException("it has no select that sends");
    }

    /**
     * One goroutine tries in turn to send to a channel that is full and to receive from one that is empty.
     *
     * @return how often it failed
     */
    default long tryFailing(int capacity, int tries) throws Exception {
        throw new UnsupportedOperationException("it has no try forms");
    }

    /**
     * Starts goroutines, each of which does nothing but say that it is done, and waits for them.
     *
     * @return how many there were
     */
    default long start(int goroutines) throws Exception {
        throw new UnsupportedOperationException("it has no goroutines of its own");
    }

    /**
     * Starts goroutines that wait for each other with a WaitGroup, or what comes closest: each says that it is done,
     * and goes on when all have.
     *
     * @return how many there were
     */
    default long waitGroup(int goroutines) throws Exception {
        throw new UnsupportedOperationException("it has no WaitGroup");
    }

    /** Starts goroutines that wait for one channel to be closed, or what comes closest, and returns once they do. */
    default Parked park(int goroutines) throws Exception {
        throw new UnsupportedOperationException("it has no close");
    }

    /** What it has of patterns. */
    default Patterns patterns() {
        throw new UnsupportedOperationException("it has no patterns");
    }

    /** Goroutines that wait. */
    interface Parked {

        /**
         * Wakes all of them, and waits until each has ended.
         *
         * @return how many there were
         */
        long wake() throws Exception;
    }
}
