/**
 * Go's concurrency for Java: channels, {@code select}, wait groups and goroutines, on virtual threads. The module needs
 * no other at run time.
 */
module dev.runnel {
    requires static org.jspecify;

    exports dev.runnel;
    exports dev.runnel.patterns;
}
