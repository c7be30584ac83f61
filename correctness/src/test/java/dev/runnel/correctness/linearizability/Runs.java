package dev.runnel.correctness.linearizability;

import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Options;
import org.jetbrains.lincheck.datastructures.StressOptions;

/** How much Lincheck tries: little in every build, much with {@code -Druns=long}. */
final class Runs {

    private static final boolean LONG = "long".equals(System.getProperty("runs"));

    private Runs() {}

    /** Random scenarios, run again and again at full speed. */
    static StressOptions stress() {
        return sized(new StressOptions(), LONG ? 30 : 3, LONG ? 600 : 300);
    }

    /** Random scenarios, run with one interleaving after the other. */
    static ModelCheckingOptions modelChecking() {
        return sized(new ModelCheckingOptions(), LONG ? 30 : 3, LONG ? 300 : 150);
    }

    private static <O extends Options<O, ?>> O sized(O options, int scenarios, int runsOfEach) {
        // not minimized: without the operation that ends its waiting, every scenario fails
        return options.iterations(scenarios)
                .invocationsPerIteration(runsOfEach)
                .threads(3)
                .actorsPerThread(2)
                .actorsBefore(0)
                .actorsAfter(0)
                .minimizeFailedScenario(false)
                .verifier(LinearizabilityVerifier.class);
    }
}
