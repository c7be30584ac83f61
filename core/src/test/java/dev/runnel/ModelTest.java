package dev.runnel;

import dev.runnel.Buffer.WhenFull;
import dev.runnel.Model.Make;
import dev.runnel.Model.Op;
import dev.runnel.Model.SelectCase;
import dev.runnel.Model.Step;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/**
 * Random programs of all operations, on two channels of any capacity and policy, the absent one, a wait group, two
 * contexts and two sets of cases, against {@link Model}. Each operation that may block has a goroutine of its own; after each step the test waits until
 * everything has come to rest, so that the model, which knows no concurrency, can say what must have happened. Selects
 * use the handles of earlier ones. A program that fails is shrunk to the few steps that matter, and printed.
 */
class ModelTest {

    private static final int A = 0;
    private static final int B = 1;
    private static final int ABSENT = 2;

    @Property(edgeCases = EdgeCasesMode.NONE) // there are too many of them
    void operations_inAnyOrder_doWhatTheModelDoes(@ForAll("programs") Program program) throws Exception {
        run(program);
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void operations_besideSetsOfCases_doWhatTheModelDoes(@ForAll("programsWithSets") Program program)
            throws Exception {
        run(program);
    }

    private static void run(Program program) throws Exception {
        ModelRun run = new ModelRun(program.a(), program.b());
        try {
            for (Step step : program.steps()) {
                run.take(step);
            }
            run.finish();
        } finally {
            run.end();
        }
    }

    @Provide
    Arbitrary<Program> programs() {
        return programs(Arbitraries.of(0, 1, 2, 3), steps());
    }

    @Provide
    Arbitrary<Program> programsWithSets() {
        return programs(Arbitraries.frequency(Tuple.of(3, 0), Tuple.of(2, 1), Tuple.of(1, 2)), stepsWithSets());
    }

    private static Arbitrary<Program> programs(Arbitrary<Integer> small, Arbitrary<List<Step>> steps) {
        Arbitrary<Integer> capacity =
                Arbitraries.frequencyOf(Tuple.of(9, small), Tuple.of(1, Arbitraries.integers().between(4, 100)));
        Arbitrary<Make> plain = capacity.map(c -> new Make(c, WhenFull.WAIT, false));
        Arbitrary<Make> policy = Combinators.combine(Arbitraries.of(1, 2, 3), Arbitraries.of(WhenFull.class))
                .as((c, whenFull) -> new Make(c, whenFull, true));
        Arbitrary<Make> make = Arbitraries.frequencyOf(Tuple.of(3, plain), Tuple.of(1, policy));
        return Combinators.combine(make, make, steps).as(Program::new);
    }

    private static Arbitrary<List<Step>> steps() {
        Arbitrary<Op> op = ops();
        return Arbitraries.frequencyOf(Tuple.of(28, op), Tuple.of(1, op.map(Model.Interrupted::new)),
                Tuple.of(10, otherSteps())).list().ofMaxSize(40);
    }

    private static Arbitrary<List<Step>> stepsWithSets() {
        Arbitrary<Integer> set = Arbitraries.of(0, 1);
        Arbitrary<Integer> place = Arbitraries.integers().between(0, Model.PLACES - 1);
        Arbitrary<Op> op = Arbitraries.frequencyOf(Tuple.of(1, ops()),
                Tuple.of(1, Combinators.combine(set, Arbitraries.of(true, false, false)).as(Model.Turn::new)));
        Arbitrary<Step> add = Combinators.combine(set, place, selectCase()).as(Model.AddCase::new);
        Arbitrary<Step> remove = Combinators.combine(set, place).as(Model.RemoveCase::new);
        Arbitrary<Step> give = Combinators.combine(set, place).as(Model.GiveValue::new);
        return Arbitraries.frequencyOf(Tuple.of(24, op), Tuple.of(1, op.map(Model.Interrupted::new)),
                Tuple.of(6, otherSteps()), Tuple.of(8, add), Tuple.of(1, remove), Tuple.of(2, give))
                .list()
                .ofMaxSize(50);
    }

    /** Steps that end what others wait for. */
    private static Arbitrary<Step> otherSteps() {
        Arbitrary<Step> close =
                Combinators.combine(Arbitraries.of(A, B), Arbitraries.of(true, false)).as(Model.Close::new);
        Arbitrary<Step> add = Arbitraries.of(1, 2, -1, -2, 0).map(Model.Add::new);
        Arbitrary<Step> cancel =
                Combinators.combine(Arbitraries.of(0, 1, 1), Arbitraries.of(true, false)).as(Model.Cancel::new);
        Arbitrary<Step> interrupt = Arbitraries.integers().between(1, 6).map(Model.Interrupt::new);
        return Arbitraries.frequencyOf(Tuple.of(1, close), Tuple.of(4, add), Tuple.of(1, cancel),
                Tuple.of(4, interrupt));
    }

    private static Arbitrary<Integer> chan() {
        return Arbitraries.frequency(Tuple.of(6, A), Tuple.of(5, B), Tuple.of(1, ABSENT));
    }

    private static Arbitrary<Op> ops() {
        Arbitrary<Integer> chan = chan();
        Arbitrary<Op> send = chan.map(Model.Send::new);
        Arbitrary<Op> receive = chan.map(Model.Receive::new);
        Arbitrary<Op> await = Arbitraries.create(Model.AwaitGroup::new);
        Arbitrary<Op> sleep = Arbitraries.of(true, false).map(Model.Sleep::new);
        Arbitrary<Op> withContext = Combinators.combine(
                Arbitraries.frequencyOf(Tuple.of(4, send), Tuple.of(4, receive), Tuple.of(1, await),
                        Tuple.of(1, sleep)),
                Arbitraries.of(0, 1)).as(Model.WithContext::new);
        return Arbitraries.frequencyOf(Tuple.of(6, send), Tuple.of(5, receive), Tuple.of(1, chan.map(Model.Next::new)),
                Tuple.of(2, Combinators.combine(chan, Arbitraries.of(0, 1, 2, 3, 5)).as(Model.SendAll::new)),
                Tuple.of(2, Combinators.combine(chan, Arbitraries.of(1, 2, 3, 50)).as(Model.Drain::new)),
                Tuple.of(3, chan.map(Model.TrySend::new)), Tuple.of(3, chan.map(Model.TryReceive::new)),
                Tuple.of(2, await), Tuple.of(4, withContext), Tuple.of(8, select()));
    }

    private static Arbitrary<SelectCase> selectCase() {
        Arbitrary<SelectCase> onChan = Combinators.combine(Arbitraries.of(true, false), chan()).as(Model.OnChan::new);
        Arbitrary<SelectCase> after = Arbitraries.of(true, false).map(Model.After::new);
        Arbitrary<SelectCase> onDone = Arbitraries.of(0, 1).map(Model.OnDone::new);
        return Arbitraries.frequencyOf(Tuple.of(16, onChan), Tuple.of(1, after), Tuple.of(2, onDone));
    }

    private static Arbitrary<Op> select() {
        Arbitrary<SelectCase> onZero = Arbitraries.create(Model.OnZero::new);
        Arbitrary<SelectCase> any = Arbitraries.frequencyOf(Tuple.of(19, selectCase()), Tuple.of(1, onZero));
        Arbitrary<Boolean> otherwise = Arbitraries.frequency(Tuple.of(3, false), Tuple.of(1, true));
        return Combinators.combine(any.list().ofMinSize(0).ofMaxSize(5), otherwise, Arbitraries.of(true, false))
                .as(Model.Select::new);
    }
}
