package dev.runnel.examples.snippets;

import static dev.runnel.Go.go;
import static dev.runnel.Go.select;
import static dev.runnel.Go.sleep;
import static java.time.Duration.ofSeconds;

import dev.runnel.Chan;

/**
 * 001-7: select between a sender at two seconds and one at one second.
 *
 * <pre>{@code
 * package main
 * import (
 *     "fmt"
 *     "time"
 * )
 *
 * func main() {
 *     ch1 := make(chan string)
 *     ch2 := make(chan string)
 *
 *     go func() {
 *         time.Sleep(2 * time.Second)
 *         ch1 <- "Message from Channel 1"
 *     }()
 *
 *     go func() {
 *         time.Sleep(1 * time.Second)
 *         ch2 <- "Message from Channel 2"
 *     }()
 *
 *     select {
 *     case msg1 := <-ch1:
 *         fmt.Println(msg1)
 *     case msg2 := <-ch2:
 *         fmt.Println(msg2)
 *     }
 * }
 * }</pre>
 */
public final class S001_7_Select {

    private S001_7_Select() {}

    public static void main(String[] args) throws InterruptedException {
        Chan<String> ch1 = Chan.make();
        Chan<String> ch2 = Chan.make();

        go(() -> {
            sleep(ofSeconds(2));
            ch1.send("Message from Channel 1");
        });

        go(() -> {
            sleep(ofSeconds(1));
            ch2.send("Message from Channel 2");
        });

        select(
                ch1.onReceive(msg1 -> System.out.println(msg1)),
                ch2.onReceive(msg2 -> System.out.println(msg2)));
    }
}
