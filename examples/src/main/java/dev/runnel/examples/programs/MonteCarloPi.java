package dev.runnel.examples.programs;

import static dev.runnel.Go.go;

import dev.runnel.Chan;
import dev.runnel.ReceiveChan;
import dev.runnel.SendChan;
import dev.runnel.WaitGroup;
import dev.runnel.examples.Inputs;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * A Monte Carlo computation: of random points in a square, the part that lies in the circle tells pi. The points are
 * drawn in batches, by as many workers as there are processors.
 *
 * <p>Go's idioms: a worker pool over a channel of jobs, and results that come over another one as they are ready. Each
 * batch has random numbers of its own, split off in the order of the batches: so the same seed gives the same result,
 * whichever worker gets which batch, and however many workers there are.
 */
@Command(mixinStandardHelpOptions = true, showDefaultValues = true)
public final class MonteCarloPi implements Callable<Integer> {

    /** Into how many parts the work is divided. */
    private static final int BATCHES = 100;

    @Option(names = "--samples", defaultValue = "20000000", description = "How many points.")
    private long samples;

    @Option(names = "--workers", description = "How many workers.")
    private int workers = Runtime.getRuntime().availableProcessors();

    @Option(names = "--seed", defaultValue = "1", description = "The seed of the random numbers.")
    private long seed;

    private record Batch(SplittableRandom random, long samples) {}

    private record Count(long inside, long samples) {
        double pi() {
            return 4.0 * inside / samples;
        }

        Count plus(Count other) {
            return new Count(inside + other.inside, samples + other.samples);
        }
    }

    @Override
    public Integer call() throws Exception {
        Inputs.checkRange("--samples", samples, 1, 1_000_000_000_000L);
        Inputs.checkRange("--workers", workers, 1, 1000);

        Chan<Batch> batches = Chan.make();
        Chan<Count> counts = Chan.make();
        go(() -> split(batches));
        var running = new WaitGroup();
        for (int i = 0; i < workers; i++) {
            running.go(() -> throwPoints(batches, counts));
        }
        go(() -> {
            running.await();
            counts.close();
        });

        Count total = new Count(0, 0);
        int tenths = 0;
        for (Count count : counts) {
            total = total.plus(count);
            if (total.samples() * 10 / samples > tenths) {
                tenths = (int) (total.samples() * 10 / samples);
                System.out.printf(Locale.ROOT, "%3d %%: %.6f%n", tenths * 10, total.pi());
            }
        }
        System.out.printf(Locale.ROOT, "pi is about %.8f, off by %.8f: %d of %d points, seed %d, %d workers%n",
                total.pi(),
                Math.abs(total.pi() - Math.PI), total.inside(), total.samples(), seed, workers);
        return total.samples() == samples ? 0 : 1;
    }

    private void split(SendChan<Batch> batches) throws InterruptedException {
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < BATCHES; i++) {
            long size = samples * (i + 1) / BATCHES - samples * i / BATCHES; // which add up to samples
            batches.send(new Batch(random.split(), size));
        }
        batches.close();
    }

    private static void throwPoints(ReceiveChan<Batch> batches, SendChan<Count> counts) throws InterruptedException {
        for (Batch batch : batches) {
            long inside = 0;
            for (long i = 0; i < batch.samples(); i++) {
                double x = batch.random().nextDouble();
                double y = batch.random().nextDouble();
                if (x * x + y * y < 1) {
                    inside++;
                }
            }
            counts.send(new Count(inside, batch.samples()));
        }
    }
}
