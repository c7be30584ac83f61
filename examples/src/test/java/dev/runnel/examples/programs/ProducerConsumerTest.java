package dev.runnel.examples.programs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.runnel.examples.ExampleProcess;
import dev.runnel.examples.ExampleProcess.Ended;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(600)
class ProducerConsumerTest {

    /** What the program is to print about some bytes. */
    private static List<String> expected(byte[] bytes, int chunkSize) throws Exception {
        byte[] xor = new byte[32];
        int chunks = 0;
        int compressed = 0;
        for (int from = 0; from < bytes.length; from += chunkSize) {
            byte[] chunk = Arrays.copyOfRange(bytes, from, Math.min(from + chunkSize, bytes.length));
            byte[] sha256 = MessageDigest.getInstance("SHA-256").digest(chunk);
            for (int i = 0; i < 32; i++) {
                xor[i] = (byte) (xor[i] ^ sha256[i]);
            }
            Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION);
            deflater.setInput(chunk);
            deflater.finish();
            compressed += deflater.deflate(new byte[2 * chunkSize + 100]);
            deflater.end();
            chunks++;
        }
        return List.of(
                "Read " + bytes.length + " bytes in " + chunks + " chunks, compressed to " + compressed + " bytes",
                "SHA-256 of the chunks, XORed: " + HexFormat.of().formatHex(xor));
    }

    @Test
    void compress_shippedFile_printsItsChecksum() throws Exception {
        Ended ended = ExampleProcess.run("producer-consumer");

        assertEquals(expected(Shipped.bytes("articles.txt"), 1024), ended.lines().subList(0, 2));
        assertEquals(0, ended.code());
    }

    @ParameterizedTest
    @CsvSource({"1, 2", "3, 0"})
    void compress_largeFile_holdsTheProducerBack(int workers, int capacity, @TempDir Path directory) throws Exception {
        byte[] bytes = new byte[4_000_001];
        new Random(1).nextBytes(bytes);
        Path file = Files.write(directory.resolve("large"), bytes);
        Ended ended = ExampleProcess.run("producer-consumer", file.toString(), "--chunk", "4096", "--workers",
                "" + workers, "--capacity", "" + capacity);

        assertEquals(expected(bytes, 4096), ended.lines().subList(0, 2));
        assertTrue(Numbers.last(ended.line("had to wait")) > 0, ended::toString);
        assertTrue(Numbers.in(ended.line("in the channel")).getFirst() <= capacity, ended::toString);
        assertTrue(Numbers.in(ended.line("in memory")).getFirst() <= capacity + workers + 1, ended::toString);
        assertEquals(0, ended.code());
    }

    @Test
    void compress_emptyFile_hasNoChunks(@TempDir Path directory) throws Exception {
        Path file = Files.createFile(directory.resolve("empty"));
        Ended ended = ExampleProcess.run("producer-consumer", file.toString());

        assertEquals("Read 0 bytes in 0 chunks, compressed to 0 bytes", ended.lines().getFirst());
        assertEquals(0, ended.code());
    }

    @Test
    void compress_badFile_saysWhatIsWrong(@TempDir Path directory) throws Exception {
        Path missing = directory.resolve("missing");

        Ended ended = ExampleProcess.run("producer-consumer", missing.toString());
        assertEquals(List.of("There is no file " + missing + "."), ended.lines());
        assertEquals(1, ended.code());
        ended = ExampleProcess.run("producer-consumer", directory.toString());
        assertEquals(List.of(directory + " is a directory; a file is needed."), ended.lines());
        assertEquals(1, ended.code());
    }

    @ParameterizedTest
    @CsvSource({"--workers, 0, 1", "--capacity, -1, 0", "--chunk, 0, 1"})
    void compress_badNumber_saysWhatIsWrong(String option, int value, int least) throws Exception {
        Ended ended = ExampleProcess.run("producer-consumer", option, "" + value);

        assertTrue(ended.lines().getFirst().startsWith(option + " must be a number from " + least + " to "),
                ended::toString);
        assertEquals(1, ended.lines().size());
        assertEquals(1, ended.code());
    }
}
