package dev.runnel.examples.programs;

import java.io.IOException;

/** Three clients of {@link ChatServer}, over TCP. */
final class ChatDemo {

    private ChatDemo() {}

    static void run(int port) throws IOException {
        try (LineSocket ann = LineSocket.connect(port); LineSocket cleo = LineSocket.connect(port)) {
            say("Ann", ann, "Ann");
            read("Ann", ann, "Welcome");
            try (LineSocket ben = LineSocket.connect(port)) {
                say("Ben", ben, "Ben");
                read("Ann", ann, "Ben has joined");
                say("Ann", ann, "Hello Ben, is the kettle on?");
                read("Ben", ben, "kettle");
                say("Ben", ben, "It is.");
                read("Ann", ann, "It is.");
                say("Cleo", cleo, "Cleo");
                read("Ben", ben, "Cleo has joined");
                say("Cleo", cleo, "Is there a cup for me?");
                read("Ann", ann, "cup");
                read("Ben", ben, "cup");
            }
            read("Cleo", cleo, "Ben has left");
        }
    }

    private static void say(String name, LineSocket socket, String line) throws IOException {
        System.out.printf("%-4s says:  %s%n", name, line);
        socket.writeLine(line);
    }

    private static void read(String name, LineSocket socket, String text) throws IOException {
        for (String line = ""; !line.contains(text);) {
            line = socket.readLine();
            if (line == null) {
                throw new IOException(name + " was disconnected before there was a line with: " + text);
            }
            System.out.printf("%-4s reads: %s%n", name, line);
        }
    }
}
