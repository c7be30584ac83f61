package dev.runnel.examples;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The files that examples read: those a user names, or those that come along. */
public final class Inputs {

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

    private static InputStream stream(@Nullable Path file, String resource) throws IOException, UserException {
        if (file != null) {
            check(file);
            return Files.newInputStream(file);
        }
        InputStream in = Inputs.class.getResourceAsStream(resource);
        if (in == null) {
            throw new IllegalStateException("the examples were packaged without " + resource);
        }
        return in;
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
}
