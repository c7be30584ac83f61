package dev.runnel.benchmarks.compare;

import java.util.List;

/** A subject of the comparison. */
interface Peer {

    String name();

    /**
     * Tries a row with few elements.
     *
     * @throws UnsupportedOperationException if the subject cannot do it
     * @throws Exception if it cannot do it right
     */
    void tryOut(Row row) throws Exception;

    /** Measures a row in a process of its own: one figure for each iteration of the pace. */
    List<Figures> measure(Row row, Pace pace) throws Exception;
}
