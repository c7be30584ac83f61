package dev.runnel.examples.snippets;

import dev.runnel.Chan;

/**
 * 001-6: a buffered channel takes three values while nobody receives.
 *
 * <pre>{@code
 * package main
 * import "fmt"
 *
 * func main() {
 *     ch := make(chan int, 3) // Buffer size of 3
 *
 *     ch <- 1
 *     ch <- 2
 *     ch <- 3
 *
 *     fmt.Println(<-ch)
 *     fmt.Println(<-ch)
 *     fmt.Println(<-ch)
 * }
 * }</pre>
 */
public final class S001_6_BufferedChannel {

    private S001_6_BufferedChannel() {}

    public static void main(String[] args) throws InterruptedException {
        Chan<Integer> ch = Chan.make(3); // buffer size of 3

        ch.send(1);
        ch.send(2);
        ch.send(3);

        System.out.println(ch.receive());
        System.out.println(ch.receive());
        System.out.println(ch.receive());
    }
}
