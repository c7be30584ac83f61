package dev.runnel.benchmarks;

/** What core.async has ready, and for a map that keeps no order the go blocks that its users write. */
final class CoreAsyncPatterns implements Patterns {

    private static long run(String function, int parameter, int elements) {
        return (long) CoreAsyncSubject.function(function).invoke(parameter, elements);
    }

    @Override
    public long merge(int inputs, int elements) {
        return run("merge-inputs", inputs, elements);
    }

    @Override
    public long map(int workers, int elements) {
        return run("map-unordered", workers, elements);
    }

    @Override
    public long mapOrdered(int workers, int elements) {
        return run("map-ordered", workers, elements);
    }

    @Override
    public long batch(int size, int elements) {
        throw new UnsupportedOperationException("its partition-all gives nothing out after a time");
    }

    @Override
    public long broadcast(int readers, int elements) {
        return run("broadcast", readers, elements);
    }
}
