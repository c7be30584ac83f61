package dev.runnel.examples.programs;

import static dev.runnel.Go.go;
import static dev.runnel.Go.goroutines;

import dev.runnel.Chan;
import dev.runnel.ReceiveChan;
import dev.runnel.SendChan;
import dev.runnel.examples.Inputs;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The prime sieve with which Go shows that goroutines are cheap: a chain of filters, one for each prime found so far,
 * that pass on from channel to channel the numbers which their prime does not divide. What comes out at the end is the
 * next prime, and gets a filter of its own.
 *
 * <p>As in Go, nobody stops the chain: its goroutines wait to send when the program ends.
 */
@Command(mixinStandardHelpOptions = true, showDefaultValues = true)
public final class PrimeSieve implements Callable<Integer> {

    @Option(names = "--count", defaultValue = "300", description = "How many primes to find.")
    private int count;

    @Override
    public Integer call() throws Exception {
        Inputs.checkRange("--count", count, 1, 5000);

        List<Integer> primes = new ArrayList<>();
        Chan<Integer> numbers = Chan.make();
        go(() -> generate(numbers));
        ReceiveChan<Integer> last = numbers;
        while (primes.size() < count) {
            Integer prime = last.receive();
            if (prime == null) {
                throw new IllegalStateException("the chain of filters was closed");
            }
            primes.add(prime);
            ReceiveChan<Integer> in = last;
            Chan<Integer> out = Chan.make();
            go(() -> filter(in, out, prime));
            last = out;
        }

        System.out.println("The first primes: " + text(primes.subList(0, Math.min(count, 10))));
        System.out.println("The last of " + count + ": " + text(primes.subList(Math.max(0, count - 10), count)));
        System.out.println("Goroutines: " + goroutines() + " (main, the generator and a filter for each prime)");
        return 0;
    }

    private static void generate(SendChan<Integer> out) throws InterruptedException {
        for (int i = 2;; i++) {
            out.send(i);
        }
    }

    private static void filter(ReceiveChan<Integer> in, SendChan<Integer> out, int prime) throws InterruptedException {
        for (int number : in) {
            if (number % prime != 0) {
                out.send(number);
            }
        }
    }

    private static String text(List<Integer> numbers) {
        return numbers.stream().map(String::valueOf).collect(Collectors.joining(" "));
    }
}
