package dev.runnel;

import java.time.Duration;

/**
 * How much the random and the repeated tests do: what fits into a build; or, with {@code -Drunnel.tests=long}, what it
 * takes to find what is rare; or, with {@code -Drunnel.tests=brief}, the least, because they are run for one mutant
 * after the other.
 */
final class Effort {

    static final boolean LONG = "long".equals(System.getProperty("runnel.tests"));

    private static final boolean BRIEF = "brief".equals(System.getProperty("runnel.tests"));

    /** After how long without what is waited for a test fails. */
    static final Duration PATIENCE = Duration.ofSeconds(BRIEF ? 3 : 30);

    private Effort() {}

    static int times(int quick, int full) {
        return LONG ? full : times(quick);
    }

    /** For what gains nothing from more. */
    static int times(int quick) {
        return BRIEF ? quick / 50 : quick;
    }
}
