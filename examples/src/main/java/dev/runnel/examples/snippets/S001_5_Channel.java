package dev.runnel.examples.snippets;

import static dev.runnel.Go.go;

import dev.runnel.Chan;
import dev.runnel.SendChan;

/**
 * 001-5: an unbuffered channel brings a message.
 *
 * <pre>{@code
 * package main
 * import "fmt"
 *
 * func sendMessage(ch chan string) {
 *     ch <- "Hello from Goroutine!"
 * }
 *
 * func main() {
 *     ch := make(chan string) // Create a channel
 *
 *     go sendMessage(ch)
 *
 *     msg := <-ch // Receive message from channel
 *     fmt.Println(msg)
 * }
 * }</pre>
 */
public final class S001_5_Channel {

    private S001_5_Channel() {}

    static void sendMessage(SendChan<String> ch) throws InterruptedException {
        ch.send("Hello from Goroutine!");
    }

    public static void main(String[] args) throws InterruptedException {
        Chan<String> ch = Chan.make(); // creates a channel of strings

        go(() -> sendMessage(ch));

        var msg = ch.receive(); // receives the message from the channel
        System.out.println(msg);
    }
}
