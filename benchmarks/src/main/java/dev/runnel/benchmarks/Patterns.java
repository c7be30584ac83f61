package dev.runnel.benchmarks;

/**
 * The patterns of a {@link Subject}: what it has ready for what programs with channels do again and again, or what its
 * users make of a few operators for it. Inputs are unbuffered channels, each of which a goroutine fills and closes; one
 * goroutine receives what comes out, if nothing else is said; functions give back what they are given.
 */
public interface Patterns {

    /**
     * Channels are merged; each gives an equal share of the elements.
     *
     * @return the sum of what came out
     */
    default long merge(int inputs, int elements) throws Exception {
        throw new UnsupportedOperationException("it has no merge");
    }

    /**
     * Workers apply a function to elements, and the order is not kept.
     *
     * @return the sum of what came out
     */
    default long map(int workers, int elements) throws Exception {
        throw new UnsupportedOperationException("it has no map by several workers");
    }

    /**
     * Workers apply a function to elements, and the results come out in order.
     *
     * @return the sum of what came out
     */
    default long mapOrdered(int workers, int elements) throws Exception {
        throw new UnsupportedOperationException("it has no map by several workers that keeps the order");
    }

    /**
     * Elements are put into lists, which are given out when they are full, or a second after their first element.
     *
     * @return the sum of what was in the lists
     */
    default long batch(int size, int elements) throws Exception {
        throw new UnsupportedOperationException("it has no batches that are given out after a time");
    }

    /**
     * Each reader receives each of its equal share of the elements, and there is room for all of them with each reader,
     * so that a slow one misses nothing.
     *
     * @return the sum of what all have received
     */
    default long broadcast(int readers, int elements) throws Exception {
        throw new UnsupportedOperationException("it has no broadcast");
    }

    /**
     * One goroutine takes permits, at a rate so high that there always is one.
     *
     * @return how many it has taken
     */
    default long rateLimit(int permits) throws Exception {
        throw new UnsupportedOperationException("it has no rate limit");
    }

    /**
     * One goroutine gets elements from a {@linkplain Flaky task} that fails so often before each, and that is tried
     * again without a pause.
     *
     * @return the sum of what it has got
     */
    default long retry(int failures, int elements) throws Exception {
        throw new UnsupportedOperationException("it has no retry");
    }
}
