package dev.runnel.examples.snippets;

import static dev.runnel.Go.go;

/**
 * 002-1: the plain form: a goroutine runs a method by its name.
 *
 * <p>The document shows the statement only; here it has a function to run, and a main that waits for it.
 *
 * <pre>{@code
 * go functionName()
 * }</pre>
 */
public final class S002_1_GoStatement {

    private S002_1_GoStatement() {}

    static void functionName() {
        System.out.println("functionName runs in a goroutine");
    }

    public static void main(String[] args) throws InterruptedException {
        Thread goroutine = go(S002_1_GoStatement::functionName);
        goroutine.join();
    }
}
