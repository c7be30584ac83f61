package dev.runnel.benchmarks;

/**
 * What is measured: one library, which does each workload in the way that is natural and fast for it. All subjects move
 * the same {@link Elements} between the same number of goroutines or threads, and return what came out at the other
 * end, so that {@link Elements#check} can see that they did.
 */
public interface Subject {

    /**
     * Producers send elements to consumers over one channel; each producer sends, and each consumer receives, an equal
     * share of them.
     *
     * @return the sum of what was received
     */
    long transfer(int producers, int consumers, int capacity, int elements) throws Exception;

    /**
     * An element goes to another goroutine over an unbuffered channel, and comes back over another one.
     *
     * @return the sum of what came back
     */
    long pingPong(int elements) throws Exception;

    /**
     * One goroutine sends as many elements as the channel holds, then receives them, and so on.
     *
     * @return the sum of what was received
     */
    long fillAndDrain(int capacity, int elements) throws Exception;

    /**
     * One goroutine selects among unbuffered channels, to each of which another one sends its equal share of the
     * elements.
     *
     * @return the sum of what was received
     */
    long select(int channels, int elements) throws Exception;

    /**
     * Starts goroutines, each of which does nothing but say that it is done, and waits for them.
     *
     * @return how many there were
     */
    long start(int goroutines) throws Exception;
}
