package dev.runnel.examples.programs;

import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** The numbers in a line of output. */
final class Numbers {

    private static final Pattern NUMBER = Pattern.compile("\\d+(\\.\\d+)?");

    private Numbers() {}

    static List<Double> in(String line) {
        return NUMBER.matcher(line).results().map(MatchResult::group).map(Double::valueOf).toList();
    }

    /** The last number in a line, as a whole one. */
    static int last(String line) {
        return in(line).getLast().intValue();
    }
}
