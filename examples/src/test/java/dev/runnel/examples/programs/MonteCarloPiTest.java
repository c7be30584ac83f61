package dev.runnel.examples.programs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.runnel.examples.ExampleProcess;
import dev.runnel.examples.ExampleProcess.Ended;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(600)
class MonteCarloPiTest {

    @Test
    void estimate_manySamples_isNearPi() throws Exception {
        Ended ended = ExampleProcess.run("pi", "--samples", "10000001");
        List<Double> numbers = Numbers.in(ended.line("pi is about"));

        // The standard deviation of the estimate is about 0.0005.
        assertEquals(Math.PI, numbers.get(0), 0.0026);
        assertEquals(Math.abs(Math.PI - numbers.get(0)), numbers.get(1), 1e-7);
        assertEquals(4 * numbers.get(2) / 10_000_001, numbers.get(0), 1e-7);
        assertEquals(10_000_001, numbers.get(3));
        assertEquals(10, ended.linesWith(" %: 3.1").size(), ended::toString);
        assertEquals(0, ended.code());
    }

    @Test
    void estimate_sameSeed_isTheSameWithAnyNumberOfWorkers() throws Exception {
        Set<String> results = new HashSet<>();
        for (int workers : new int[] {1, 2, 7}) {
            Ended ended =
                    ExampleProcess.run("pi", "--samples", "1000000", "--seed", "42", "--workers", "" + workers);
            String line = ended.line("pi is about");
            assertTrue(line.endsWith("seed 42, " + workers + " workers"), line);
            results.add(line.substring(0, line.indexOf(", seed")));
        }
        assertEquals(1, results.size(), results::toString);
        Ended other = ExampleProcess.run("pi", "--samples", "1000000", "--seed", "43");
        assertNotEquals(results.iterator().next(), other.line("pi is about").split(", seed")[0]);
    }

    @Test
    void estimate_fewerSamplesThanBatches_countsEachOnce() throws Exception {
        Ended ended = ExampleProcess.run("pi", "--samples", "7");

        assertTrue(ended.line("pi is about").contains(" of 7 points"), ended::toString);
        assertEquals(0, ended.code());
    }

    @ParameterizedTest
    @CsvSource({"--samples, 0, '--samples must be a number from 1 to 1000000000000, not 0.', 1",
        "--workers, -2, '--workers must be a number from 1 to 1000, not -2.', 1",
        "--seed, lucky, 'Invalid value for option ''--seed'': ''lucky'' is not a long', 2"})
    void start_badOption_saysWhatIsWrong(String option, String value, String message, int code) throws Exception {
        Ended ended = ExampleProcess.run("pi", option, value);

        assertEquals(message, ended.lines().getFirst());
        assertEquals(code, ended.code());
    }
}
