package dev.runnel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.File;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs a program of the tests in a JVM of its own. */
final class TestProcess {

    private TestProcess() {}

    /** What the JVM and its launcher take more options from, which are not meant for the program. */
    private static final List<String> OPTIONS = List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS");

    /** That a program prints just this, and ends well. What it writes to the error stream, such as a log, is free. */
    static void assertPrints(String expected, Class<?> program, List<String> options, String... args)
            throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of("-cp", place(Chan.class) + File.pathSeparator + place(program), program.getName()));
        command.addAll(List.of(args));
        Path errors = Files.createTempFile("runnel", ".err");
        try {
            ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors.toFile());
            OPTIONS.forEach(builder.environment()::remove);
            Process process = builder.start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            int status = process.waitFor();
            String all = output + "\n" + new String(Files.readAllBytes(errors), StandardCharsets.UTF_8);
            assertEquals(0, status, all);
            assertEquals(expected, output, all);
        } finally {
            Files.delete(errors);
        }
    }

    /** Where a class has been loaded from. */
    private static Path place(Class<?> type) throws URISyntaxException {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    }
}
