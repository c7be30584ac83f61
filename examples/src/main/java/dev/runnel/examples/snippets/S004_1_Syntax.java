package dev.runnel.examples.snippets;

import static dev.runnel.Go.go;

/**
 * 004-1: the function runs while main goes on.
 *
 * <p>In the document main ends there, and the function with it; here main waits for it to end.
 *
 * <pre>{@code
 * func someFunction() {
 *     // do something
 * }
 *
 * func main() {
 *     go someFunction() // this runs concurrently
 *     // main function continues executing
 * }
 * }</pre>
 */
public final class S004_1_Syntax {

    private S004_1_Syntax() {}

    static void someFunction() {
        System.out.println("someFunction runs concurrently");
    }

    public static void main(String[] args) throws InterruptedException {
        Thread goroutine = go(S004_1_Syntax::someFunction); // this runs concurrently
        System.out.println("main function continues executing");
        goroutine.join();
    }
}
