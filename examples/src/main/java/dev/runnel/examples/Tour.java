package dev.runnel.examples;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs examples one after the other, each in a Java virtual machine of its own: as with {@code go run}, what an example
 * leaves running when its {@code main} returns ends there.
 */
final class Tour {

    private final List<Example> examples;

    Tour(List<Example> examples) {
        this.examples = examples;
    }

    /**
     * Runs them all.
     *
     * @return 0 if all have ended well, else 1
     */
    int run() throws IOException, InterruptedException {
        List<String> failed = new ArrayList<>();
        int n = 0;
        for (Example example : examples) {
            System.out.printf("%n[%d/%d] %s %s: %s%n", ++n, examples.size(), example.id(), example.name(),
                    example.title());
            int code = run(example);
            if (code != 0) {
                System.out.printf("%s ended with code %d%n", example.id(), code);
                failed.add(example.id());
            }
        }
        System.out.println();
        System.out.println(failed.isEmpty() ? "All " + n + " examples ran." : "These examples failed: " + failed);
        return failed.isEmpty() ? 0 : 1;
    }

    private static int run(Example example) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home", ""), "bin", "java").toString());
        command.addAll(List.of("-cp", System.getProperty("java.class.path", ""), Main.class.getName(), example.id()));
        command.addAll(example.tour());
        Process process = new ProcessBuilder(command).inheritIO().start();
        Thread stop = new Thread(process::destroy);
        try {
            Runtime.getRuntime().addShutdownHook(stop);
            try {
                return process.waitFor();
            } finally {
                Runtime.getRuntime().removeShutdownHook(stop);
            }
        } catch (IllegalStateException e) { // the program has been told to end
            process.destroy();
            Thread.currentThread().join(); // it is about to, and nothing more is to be printed
            throw e;
        }
    }
}
