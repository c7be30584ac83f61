package dev.runnel;

/** Bugs of the JDK that nothing in this library can work around, of which it warns. */
final class JdkBugs {

    private JdkBugs() {}

    /**
     * Whether a virtual thread may stay parked though it was unparked: JDK-8369227. It takes a timed park, as in {@link
     * Thread#sleep}, that ends as an untimed one begins. Runnel does the latter only, but not so the rest of a program.
     */
    static boolean mayLoseWakeUps(Runtime.Version version) {
        return switch (version.feature()) {
            case 25 -> version.interim() == 0 && version.update() < 3;
            case 26 -> version.interim() == 0 && version.update() < 1;
            default -> false;
        };
    }

    /** Logs a warning if the JDK may lose wake-ups. */
    static void warn(Runtime.Version version) {
        if (mayLoseWakeUps(version)) {
            System.getLogger("dev.runnel")
                    .log(System.Logger.Level.WARNING, "JDK " + version
                            + " may leave a goroutine parked for ever that sleeps and then waits (JDK-8369227):"
                            + " use 25.0.3, 26.0.1, 27 or newer, or 21 to 24");
        }
    }
}
