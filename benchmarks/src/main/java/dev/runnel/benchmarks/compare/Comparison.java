package dev.runnel.benchmarks.compare;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Measures, round by round. Within a round all subjects do a workload one after the other, and in each round another
 * one of them is the first, so that what changes on the machine meanwhile hits all of them alike.
 */
final class Comparison {

    private record Turn(Row row, Peer peer) {}

    private final List<String> names;
    private final List<Row> rows;
    private final Pace pace;
    private final Path goSources;
    private final PrintWriter print;
    private final Map<String, String> about;
    private final List<Sample> samples = new ArrayList<>();
    private final List<LeftOut> leftOut = new ArrayList<>();

    Comparison(List<String> names, List<Row> rows, Pace pace, Path goSources, PrintWriter print) throws IOException {
        this.names = names;
        this.rows = rows;
        this.pace = pace;
        this.goSources = goSources;
        this.print = print;
        this.about = new LinkedHashMap<>(About.now());
    }

    Results run() throws Exception {
        Path folder = Files.createTempDirectory("runnel-comparison");
        try {
            Map<Row, List<Peer>> able = able(peers(folder));
            int total = pace.rounds() * able.values().stream().mapToInt(List::size).sum();
            int done = 0;
            for (int round = 1; round <= pace.rounds(); round++) {
                for (Turn turn : turns(able, round)) {
                    done++;
                    print.print("[" + done + "/" + total + "] " + turn.row.title() + ": " + turn.peer.name() + " ");
                    print.println(measured(turn, round));
                    print.flush();
                }
            }
        } finally {
            Files.deleteIfExists(folder.resolve(GoPeer.PROGRAM));
            Files.delete(folder);
        }
        return new Results(about, pace, names, samples, leftOut);
    }

    private List<Peer> peers(Path folder) throws Exception {
        List<Peer> peers = new ArrayList<>();
        for (String name : names) {
            if (!name.equals(GoPeer.NAME)) {
                peers.add(new JmhPeer(name));
                continue;
            }
            try {
                GoPeer go = GoPeer.build(System.getenv(), goSources, folder);
                about.put("go", go.version());
                peers.add(go);
            } catch (UnsupportedOperationException e) {
                leaveOut(null, name, e.getMessage(), false);
            }
        }
        return peers;
    }

    /** Who can do what: each tries it with few elements, and is checked. */
    private Map<Row, List<Peer>> able(List<Peer> peers) throws InterruptedException {
        Map<Row, List<Peer>> able = new LinkedHashMap<>();
        for (Row row : rows) {
            List<Peer> ablePeers = new ArrayList<>();
            for (Peer peer : peers) {
                try {
                    peer.tryOut(row);
                    ablePeers.add(peer);
                } catch (InterruptedException e) {
                    throw e;
                } catch (UnsupportedOperationException e) {
                    leaveOut(row, peer.name(), e.getMessage(), false);
                } catch (Exception e) {
                    leaveOut(row, peer.name(), "failed: " + e, true);
                }
            }
            able.put(row, ablePeers);
        }
        return able;
    }

    private void leaveOut(Row row, String subject, String reason, boolean failed) {
        leftOut.add(new LeftOut(row, subject, reason, failed));
        // What a subject cannot do is in the report; this here is what one would not expect.
        if (failed || row == null) {
            print.println("left out: " + subject + (row == null ? "" : " at " + row.title()) + ": " + reason);
            print.flush();
        }
    }

    private static List<Turn> turns(Map<Row, List<Peer>> able, int round) {
        List<Turn> turns = new ArrayList<>();
        able.forEach((row, peers) -> {
            for (int i = 0; i < peers.size(); i++) {
                turns.add(new Turn(row, peers.get((i + round - 1) % peers.size())));
            }
        });
        return turns;
    }

    private String measured(Turn turn, int round) throws InterruptedException {
        try {
            List<Figures> figures = turn.peer.measure(turn.row, pace);
            figures.forEach(figure -> samples.add(new Sample(turn.row, turn.peer.name(), round, figure)));
            return MarkdownReport.number(Summary.of(figures).nanos()) + " ns";
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            leftOut.add(new LeftOut(turn.row, turn.peer.name(), "failed: " + e, true));
            return "failed: " + e;
        }
    }
}
