package dev.runnel.examples;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What examples are given: the files that a user names, or those that come along; numbers and times. */
public final class Inputs {

    /** The names of the files that come along in the folder {@code texts}, in the order of the alphabet. */
    public static final List<String> TEXTS = List.of("incidents.txt", "mails.txt", "newcomers.txt", "opening-hours.txt",
            "payment.txt", "repairs.txt", "returns.txt", "runbook.txt", "shipping.txt", "stock-count.txt",
            "suppliers.txt", "words.txt");

    private Inputs() {}

    /**
     * Opens a text file in UTF-8; what is not UTF-8 in it is read as a replacement character.
     *
     * @param file the file that the user has named, or null if there was none
     * @param resource the name of the file to take then, which comes along with the examples
     * @return a reader of the file, to be closed
     * @throws UserException if there is no such file, or it cannot be read
     */
    public static BufferedReader open(@Nullable Path file, String resource) throws IOException, UserException {
        return new BufferedReader(new InputStreamReader(stream(file, resource), StandardCharsets.UTF_8));
    }

    /**
     * Opens a file.
     *
     * @param file the file that the user has named, or null if there was none
     * @param resource the name of the file to take then, which comes along with the examples
     * @return its bytes, to be closed
     * @throws UserException if there is no such file, or it cannot be read
     */
    public static InputStream stream(@Nullable Path file, String resource) throws IOException, UserException {
        if (file != null) {
            check(file);
            return Files.newInputStream(file);
        }
        return resource(resource);
    }

    /**
     * Opens a file that comes along.
     *
     * @param resource its name
     * @return its bytes, to be closed
     */
    public static InputStream resource(String resource) {
        InputStream in = Inputs.class.getResourceAsStream(resource);
        if (in == null) {
            throw new IllegalStateException("the examples were packaged without " + resource);
        }
        return in;
    }

    /**
     * Checks that a directory can be read.
     *
     * @param directory the directory that the user has named
     * @throws UserException if there is none of that name, or it cannot be read
     */
    public static void checkDirectory(Path directory) throws UserException {
        if (!Files.exists(directory)) {
            throw new UserException("There is no directory " + directory + ".");
        }
        if (!Files.isDirectory(directory)) {
            throw new UserException(directory + " is a file; a directory is needed.");
        }
        if (!Files.isReadable(directory)) {
            throw new UserException("The directory " + directory + " may not be read.");
        }
    }

    private static void check(Path file) throws UserException {
        if (!Files.exists(file)) {
            throw new UserException("There is no file " + file + ".");
        }
        if (Files.isDirectory(file)) {
            throw new UserException(file + " is a directory; a file is needed.");
        }
        if (!Files.isReadable(file)) {
            throw new UserException("The file " + file + " may not be read.");
        }
    }

    /**
     * Checks a number that the user has given.
     *
     * @param option what it was given for, such as {@code --workers}
     * @param value the number
     * @param least the least that makes sense
     * @param most the most that makes sense
     * @throws UserException if the number is less or more than that
     */
    public static void checkRange(String option, long value, long least, long most) throws UserException {
        if (value < least || value > most) {
            throw new UserException(
                    option + " must be a number from " + least + " to " + most + ", not " + value + ".");
        }
    }

    /**
     * Checks a port that the user has given to listen on.
     *
     * @param port the port, or 0 for any that is free
     * @throws UserException if there is no such port
     */
    public static void checkPort(int port) throws UserException {
        checkRange("--port", port, 0, 65535);
    }

    /**
     * Checks a time that the user has given.
     *
     * @param option what it was given for, such as {@code --timeout}
     * @param time the time
     * @throws UserException if it is zero or less
     */
    public static void checkPositive(String option, Duration time) throws UserException {
        if (!time.isPositive()) {
            throw new UserException(option + " must be longer than zero, not " + time + ".");
        }
    }
}
