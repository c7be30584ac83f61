package dev.runnel.benchmarks;

/**
 * Something that each subject is measured at.
 *
 * @param id a short name for command lines and results: what it is, then its parameters
 * @param title what a reader of the results sees
 * @param phase what of it is timed
 * @param elements how many are moved when it is measured; a time is divided by it
 * @param few how many are enough to try it
 * @param quick whether it is one of those that a short comparison takes
 * @param contrast whether it is one of those that are measured with another collector too
 * @param body how a subject does it
 */
public record Workload(String id, String title, Phase phase, int elements, int few, boolean quick, boolean contrast,
        Body body) {

    /** The phases of a workload that can be timed. */
    public enum Phase {
        /** All of it, from the start of the first goroutine to the end of the last. */
        WHOLE,
        /** Until the goroutines wait. */
        PARK,
        /** From when they are woken to the end of the last. */
        WAKE
    }

    /** How a subject does a workload. */
    @FunctionalInterface
    public interface Body {

        /**
         * Does the workload once.
         *
         * @throws IllegalStateException if an element was lost or doubled
         * @throws UnsupportedOperationException if the subject cannot do it
         */
        void run(Subject subject, int elements) throws Exception;
    }

    Workload quickly() {
        return new Workload(id, title, phase, elements, few, true, contrast, body);
    }

    Workload contrasted() {
        return new Workload(id, title, phase, elements, few, quick, true, body);
    }

    /**
     * Lets a subject do it with few elements, all phases of it.
     *
     * @throws IllegalStateException if an element was lost or doubled
     * @throws UnsupportedOperationException if the subject cannot do it
     */
    public void tryOut(Subject subject) throws Exception {
        body.run(subject, few);
    }
}
