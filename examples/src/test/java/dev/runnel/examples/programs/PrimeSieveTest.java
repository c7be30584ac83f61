package dev.runnel.examples.programs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.runnel.examples.ExampleProcess;
import dev.runnel.examples.ExampleProcess.Ended;
import java.math.BigInteger;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(600)
class PrimeSieveTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 9, 10, 25, 300, 1000})
    void find_count_printsTheFirstAndTheLastPrimes(int count) throws Exception {
        List<String> primes = Stream.iterate(BigInteger.TWO, BigInteger::nextProbablePrime)
                .limit(count)
                .map(BigInteger::toString)
                .toList();
        String first = primes.stream().limit(10).collect(Collectors.joining(" "));
        String last = primes.stream().skip(Math.max(0, count - 10)).collect(Collectors.joining(" "));
        Ended ended = ExampleProcess.run("primes", "--count", "" + count);

        assertEquals(List.of("The first primes: " + first, "The last of " + count + ": " + last,
                "Goroutines: " + (count + 2) + " (main, the generator and a filter for each prime)"), ended.lines());
        assertEquals(0, ended.code());
    }

    @ParameterizedTest
    @CsvSource({"0, '--count must be a number from 1 to 5000, not 0.', 1",
        "-5, '--count must be a number from 1 to 5000, not -5.', 1",
        "many, 'Invalid value for option ''--count'': ''many'' is not an int', 2"})
    void find_badCount_saysWhatIsWrong(String count, String message, int code) throws Exception {
        Ended ended = ExampleProcess.run("primes", "--count", count);

        assertEquals(message, ended.lines().getFirst());
        assertEquals(code, ended.code());
    }
}
