package dev.runnel;

/**
 * How much the random and the repeated tests do: what fits into a build, or, with {@code -Drunnel.tests=long}, what it
 * takes to find what is rare.
 */
final class Effort {

    static final boolean LONG = "long".equals(System.getProperty("runnel.tests"));

    private Effort() {}

    static int times(int quick, int full) {
        return LONG ? full : quick;
    }
}
