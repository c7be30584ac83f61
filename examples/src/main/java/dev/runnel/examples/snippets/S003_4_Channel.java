package dev.runnel.examples.snippets;

import static dev.runnel.Go.go;

import dev.runnel.Chan;

/**
 * 003-4: a channel brings a message.
 *
 * <pre>{@code
 * func main() {
 *     ch := make(chan string)
 *
 *     go func() {
 *         ch <- "Hello from goroutine"
 *     }()
 *
 *     message := <-ch
 *     fmt.Println(message)
 * }
 * }</pre>
 */
public final class S003_4_Channel {

    private S003_4_Channel() {}

    public static void main(String[] args) throws InterruptedException {
        Chan<String> ch = Chan.make();

        go(() -> {
            ch.send("Hello from goroutine");
        });

        var message = ch.receive();
        System.out.println(message);
    }
}
