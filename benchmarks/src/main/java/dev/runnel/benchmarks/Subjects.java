package dev.runnel.benchmarks;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** The subjects by their names. */
public final class Subjects {

    /** The name of the subject that the others are the peers of. */
    public static final String OURS = "runnel";

    private static final Map<String, Supplier<Subject>> SUBJECTS = new LinkedHashMap<>();

    static {
        SUBJECTS.put(OURS, RunnelSubject::new);
        SUBJECTS.put("jox", JoxSubject::new);
        SUBJECTS.put("kotlin", KotlinSubject::new);
        SUBJECTS.put("core.async", CoreAsyncSubject::new);
        SUBJECTS.put("SynchronousQueue", SynchronousQueueSubject::new);
        SUBJECTS.put("ArrayBlockingQueue", ArrayBlockingQueueSubject::new);
        SUBJECTS.put("LinkedTransferQueue", LinkedTransferQueueSubject::new);
        SUBJECTS.put("threads", VirtualThreadSubject::new);
    }

    private Subjects() {}

    /** The names of all subjects. */
    public static List<String> names() {
        return List.copyOf(SUBJECTS.keySet());
    }

    /** Makes the subject of this name. */
    public static Subject named(String name) {
        Supplier<Subject> subject = SUBJECTS.get(name);
        if (subject == null) {
            throw new IllegalArgumentException("no subject " + name + "; there are " + names());
        }
        return subject.get();
    }
}
