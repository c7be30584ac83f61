package dev.runnel.examples.snippets;

import static dev.runnel.Go.go;

import dev.runnel.WaitGroup;
import java.util.concurrent.locks.ReentrantLock;

/**
 * 002-8: a mutex in the place of the race: Go's sync.Mutex is Java's ReentrantLock.
 *
 * <pre>{@code
 * package main
 *
 * import (
 *     "fmt"
 *     "sync"
 * )
 *
 * var counter int
 * var mutex sync.Mutex
 *
 * func increment(wg *sync.WaitGroup) {
 *
 *     defer wg.Done()
 *
 *     mutex.Lock()
 *
 *     counter++
 *
 *     mutex.Unlock()
 *
 * }
 *
 * func main() {
 *
 *     var wg sync.WaitGroup
 *
 *     for i := 0; i < 1000; i++ {
 *
 *         wg.Add(1)
 *
 *         go increment(&wg)
 *
 *     }
 *
 *     wg.Wait()
 *
 *     fmt.Println(counter)
 *
 * }
 * }</pre>
 */
public final class S002_8_Mutex {

    private S002_8_Mutex() {}

    static int counter;
    static final ReentrantLock mutex = new ReentrantLock();

    static void increment(WaitGroup wg) {
        try {
            mutex.lock();
            try {
                counter++;
            } finally {
                mutex.unlock();
            }
        } finally {
            wg.done();
        }
    }

    public static void main(String[] args) throws InterruptedException {
        var wg = new WaitGroup();

        for (int i = 0; i < 1000; i++) {
            wg.add(1);
            go(() -> increment(wg));
        }

        wg.await();

        System.out.println(counter);
    }
}
