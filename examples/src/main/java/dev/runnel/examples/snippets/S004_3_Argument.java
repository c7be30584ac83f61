package dev.runnel.examples.snippets;

import static dev.runnel.Go.go;
import static dev.runnel.Go.sleep;
import static java.time.Duration.ofSeconds;

/**
 * 004-3: an anonymous function with an argument: in Java a lambda takes it from around it.
 *
 * <pre>{@code
 * func main() {
 *     go func(msg string) {
 *         fmt.Println(msg)
 *     }("Hello from anonymous goroutine")
 *     time.Sleep(time.Second)
 * }
 * }</pre>
 */
public final class S004_3_Argument {

    private S004_3_Argument() {}

    public static void main(String[] args) throws InterruptedException {
        String msg = "Hello from anonymous goroutine";
        go(() -> {
            System.out.println(msg);
        });
        sleep(ofSeconds(1));
    }
}
