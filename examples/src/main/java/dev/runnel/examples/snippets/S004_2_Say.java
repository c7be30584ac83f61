package dev.runnel.examples.snippets;

import static dev.runnel.Go.go;
import static dev.runnel.Go.sleep;
import static java.time.Duration.ofMillis;

/**
 * 004-2: world beside hello.
 *
 * <p>In the document main ends with its last hello, be it before the last world; here it waits for that.
 *
 * <pre>{@code
 * package main
 *
 * import (
 *     "fmt"
 *     "time"
 * )
 *
 * func say(s string) {
 *     for i := 0; i < 3; i++ {
 *         time.Sleep(100 * time.Millisecond)
 *         fmt.Println(s)
 *     }
 * }
 *
 * func main() {
 *     go say("world")
 *     say("hello")
 * }
 * }</pre>
 */
public final class S004_2_Say {

    private S004_2_Say() {}

    static void say(String s) throws InterruptedException {
        for (int i = 0; i < 3; i++) {
            sleep(ofMillis(100));
            System.out.println(s);
        }
    }

    public static void main(String[] args) throws InterruptedException {
        Thread world = go(() -> say("world"));
        say("hello");
        world.join();
    }
}
