package dev.runnel;

import dev.runnel.Model.OnChan;
import dev.runnel.Model.Op;
import dev.runnel.Model.SelectCase;
import dev.runnel.Model.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Steps on all that a {@link Model} has; prints as the program that takes them. */
record Program(Model.Make a, Model.Make b, List<Step> steps) {

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("\n");
        text.append("List<Integer> dropped = new CopyOnWriteArrayList<>();\n");
        text.append("Chan<Integer> a = ").append(a).append(";\n");
        text.append("Chan<Integer> b = ").append(b).append(";\n");
        text.append("WaitGroup group = new WaitGroup();\n");
        text.append("CancelContext p = Context.background().withCancel();\n");
        text.append("CancelContext q = p.withCancel();\n");
        text.append("CaseSet<Object> x = new CaseSet<>(), y = new CaseSet<>();\n");
        for (int i = 0; i < steps.size(); i++) {
            text.append(line(i + 1)).append('\n');
        }
        return text.toString();
    }

    /** The line of a step, whose number is also that of the goroutine that takes it. */
    private String line(int id) {
        return switch (steps.get(id - 1)) {
            case Op op -> "Thread t" + id + " = go(() -> " + call(id, op) + ");";
            case Model.Close close ->
                name(close.chan()) + (close.withCause() ? ".close(new Exception());" : ".close();");
            case Model.Add add -> "group.add(" + add.delta() + ");";
            case Model.Cancel cancel ->
                context(cancel.context()) + (cancel.withCause() ? ".cancel(new Exception());" : ".cancel();");
            case Model.AddCase(int set, int place, SelectCase added) ->
                remove(set, place) + " " + member(set, place) + " = " + set(set) + ".add(" + call(id, 0, added) + ");";
            case Model.RemoveCase(int set, int place) -> remove(set, place);
            case Model.GiveValue(int set, int place) ->
                "if (" + member(set, place) + " instanceof SendCase) " + member(set, place) + ".with("
                        + Model.value(id, 0) + ");";
            case Model.Interrupt interrupt -> {
                int target = id - interrupt.ago();
                yield target > 0 && steps.get(target - 1) instanceof Op
                        ? "t" + target + ".interrupt();"
                        : "// step " + target + " has started no goroutine that could be interrupted";
            }
        };
    }

    private static String call(int id, Op op) {
        String sent = "(" + Model.value(id, 0) + ")";
        return switch (op) {
            case Model.Send send -> name(send.chan()) + ".send" + sent;
            case Model.TrySend send -> name(send.chan()) + ".trySend" + sent;
            case Model.Receive receive -> name(receive.chan()) + ".receive()";
            case Model.TryReceive receive -> name(receive.chan()) + ".tryReceive()";
            case Model.SendAll send -> name(send.chan()) + ".sendAll(List.of("
                    + IntStream.range(0, send.count())
                            .mapToObj(i -> "" + Model.value(id, i))
                            .collect(Collectors.joining(", "))
                    + "))";
            case Model.Drain drain -> name(drain.chan()) + ".drain(" + drain.max() + ")";
            case Model.Next next -> name(next.chan()) + ".iterator().next()";
            case Model.AwaitGroup await -> "group.await()";
            case Model.Sleep sleep -> "sleep(" + duration(sleep.comes()) + ")";
            case Model.WithContext with -> {
                String plain = call(id, with.op());
                String comma = plain.endsWith("()") ? "" : ", ";
                yield plain.substring(0, plain.length() - 1) + comma + context(with.context()) + ")";
            }
            case Model.Turn turn -> set(turn.set()) + (turn.tries() ? ".trySelect()" : ".select()");
            case Model.Interrupted interrupted ->
                "{ currentThread().interrupt(); " + call(id, interrupted.op()) + "; }";
            case Model.Select select -> {
                List<String> cases = new ArrayList<>();
                for (int i = 0; i < select.cases().size(); i++) {
                    cases.add(call(id, i, select.cases().get(i)));
                }
                if (select.otherwise()) {
                    cases.add("otherwise()");
                }
                yield (select.first() ? "selectFirst(" : "select(") + String.join(", ", cases) + ")";
            }
        };
    }

    private static String call(int id, int index, SelectCase c) {
        return switch (c) {
            case OnChan on ->
                name(on.chan()) + (on.sends() ? ".onSend(" + Model.value(id, index) + ")" : ".onReceive()");
            case Model.After after -> "after(" + duration(after.comes()) + ")";
            case Model.OnDone on -> context(on.context()) + ".onDone()";
            case Model.OnZero on -> "done(group).onReceive()";
        };
    }

    private static String duration(boolean comes) {
        return comes ? "ofNanos(100_000)" : "ofHours(1)";
    }

    private static String context(int context) {
        return context == 0 ? "p" : "q";
    }

    private static String set(int set) {
        return set == 0 ? "x" : "y";
    }

    private static String member(int set, int place) {
        return set(set) + place;
    }

    private static String remove(int set, int place) {
        return "if (" + member(set, place) + " != null) " + set(set) + ".remove(" + member(set, place) + ");";
    }

    private static String name(int chan) {
        return switch (chan) {
            case 0 -> "a";
            case 1 -> "b";
            default -> "Chan.<Integer>absent()";
        };
    }
}
