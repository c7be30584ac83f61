package dev.runnel.examples.snippets;

import static dev.runnel.Go.go;

/**
 * 003-1: both forms: a method by its name, and an anonymous function.
 *
 * <p>The document shows the two statements only; here main waits for both.
 *
 * <pre>{@code
 * go functionName()
 * go func() {
 *     // anonymous function
 * }()
 * }</pre>
 */
public final class S003_1_BothForms {

    private S003_1_BothForms() {}

    static void functionName() {
        System.out.println("function by its name");
    }

    public static void main(String[] args) throws InterruptedException {
        Thread named = go(S003_1_BothForms::functionName);
        Thread anonymous = go(() -> {
            System.out.println("anonymous function");
        });

        named.join();
        anonymous.join();
    }
}
