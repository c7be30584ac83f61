package dev.runnel.examples.programs;

import static dev.runnel.Go.go;

import dev.runnel.Chan;
import dev.runnel.ReceiveChan;
import dev.runnel.SendChan;
import dev.runnel.WaitGroup;
import dev.runnel.examples.Inputs;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.Deflater;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Producer and consumers with back-pressure: a file is read in chunks, much faster than the chunks can be compressed.
 * The channel between has room for a few only, so it holds the producer back, and the memory in use stays the same
 * however large the file is.
 *
 * <p>Go's idioms: a buffered channel as a bounded queue; {@code range} over it; the producer closes it; a goroutine
 * that waits for the WaitGroup of the consumers closes their results.
 */
@Command(mixinStandardHelpOptions = true, showDefaultValues = true)
public final class ProducerConsumer implements Callable<Integer> {

    @Parameters(arity = "0..1", paramLabel = "FILE", description = "The file to compress (default: one of ours).")
    private @Nullable Path file;

    @Option(names = "--chunk", defaultValue = "1024", description = "Bytes in a chunk.")
    private int chunkSize;

    @Option(names = "--capacity", defaultValue = "4", description = "How many chunks the channel has room for.")
    private int capacity;

    @Option(names = "--workers", defaultValue = "2", description = "How many consumers there are.")
    private int workers;

    /** One chunk or more, compressed: how large they were and are, and the SHA-256s of what they were, XORed. */
    private record Packed(int chunks, long size, long packedSize, byte[] sha256) {

        /** Adds up. As XOR does not depend on the order, neither does the sum. */
        Packed plus(Packed other) {
            byte[] xor = sha256.clone();
            for (int i = 0; i < xor.length; i++) {
                xor[i] ^= other.sha256[i];
            }
            return new Packed(chunks + other.chunks, size + other.size, packedSize + other.packedSize, xor);
        }
    }

    /** How many chunks are in memory: being sent, in the channel, or being compressed. */
    private final AtomicInteger inMemory = new AtomicInteger();

    private int read;
    private int waits;
    private int longestQueue;
    private int mostInMemory;

    @Override
    public Integer call() throws Exception {
        Inputs.checkRange("--chunk", chunkSize, 1, 1 << 24);
        Inputs.checkRange("--capacity", capacity, 0, 1000);
        Inputs.checkRange("--workers", workers, 1, 1000);

        Chan<byte[]> chunks = Chan.make(capacity);
        Chan<Packed> results = Chan.make();
        Chan<Packed> total = Chan.make();
        try (InputStream in = Inputs.stream(file, "articles.txt")) {
            var consumers = new WaitGroup();
            for (int i = 0; i < workers; i++) {
                consumers.go(() -> consume(chunks, results));
            }
            go(() -> {
                consumers.await();
                results.close();
            });
            go(() -> addUp(results, total));

            produce(in, chunks);
        } finally {
            chunks.close(); // whatever happens: so that all of them end
        }
        return report(total.receive());
    }

    private void produce(InputStream in, SendChan<byte[]> chunks) throws IOException, InterruptedException {
        for (byte[] chunk; (chunk = in.readNBytes(chunkSize)).length > 0;) {
            mostInMemory = Math.max(mostInMemory, inMemory.incrementAndGet());
            if (!chunks.trySend(chunk)) { // send alone would do; this is how we count
                waits++;
                chunks.send(chunk);
            }
            longestQueue = Math.max(longestQueue, chunks.size());
            read++;
        }
    }

    private void consume(ReceiveChan<byte[]> chunks, SendChan<Packed> results) throws Exception {
        Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION);
        try {
            byte[] buffer = new byte[8192];
            for (byte[] chunk : chunks) {
                deflater.reset();
                deflater.setInput(chunk);
                deflater.finish();
                while (!deflater.finished()) {
                    deflater.deflate(buffer);
                }
                byte[] sha256 = MessageDigest.getInstance("SHA-256").digest(chunk);
                results.send(new Packed(1, chunk.length, deflater.getBytesWritten(), sha256));
                inMemory.decrementAndGet();
            }
        } finally {
            deflater.end(); // it holds memory outside of the heap
        }
    }

    private static void addUp(ReceiveChan<Packed> results, SendChan<Packed> total) throws InterruptedException {
        Packed sum = new Packed(0, 0, 0, new byte[32]);
        for (Packed packed : results) {
            sum = sum.plus(packed);
        }
        total.send(sum);
    }

    private int report(@Nullable Packed all) {
        if (all == null || all.chunks() != read) {
            System.err.println("Some of the chunks could not be compressed; see above.");
            return 1;
        }
        System.out.printf("Read %d bytes in %d chunks, compressed to %d bytes%n", all.size(), read, all.packedSize());
        System.out.println("SHA-256 of the chunks, XORed: " + HexFormat.of().formatHex(all.sha256()));
        System.out.printf("The producer had to wait for the consumers %d times%n", waits);
        System.out.printf("Chunks in the channel: at most %d; it has room for %d%n", longestQueue, capacity);
        System.out.printf("Chunks in memory: at most %d; the limit is %d: the channel, %d consumers and the producer%n",
                mostInMemory, capacity + workers + 1, workers);
        return 0;
    }
}
