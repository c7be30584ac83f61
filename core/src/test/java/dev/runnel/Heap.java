package dev.runnel;

import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.Map;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * What the heap holds after a full collection.
 *
 * @param bytes how much of it there is in all
 * @param instances how many there are of each class, by its name
 */
record Heap(long bytes, Map<String, Long> instances) {

    /** Looks at it now. */
    static Heap now() {
        String histogram;
        try {
            histogram = (String) ManagementFactory.getPlatformMBeanServer()
                    .invoke(
                            new ObjectName("com.sun.management:type=DiagnosticCommand"), "gcClassHistogram",
                            new Object[] {new String[0]}, new String[] {String[].class.getName()});
        } catch (JMException e) {
            throw new AssertionError(e);
        }
        long bytes = 0;
        Map<String, Long> instances = new HashMap<>();
        for (String line : histogram.lines().toList()) {
            String[] columns = line.strip().split("\\s+", -1); // rank: instances bytes class (module)
            if (columns.length >= 4 && columns[0].endsWith(":") && Character.isDigit(columns[0].charAt(0))) {
                bytes += Long.parseLong(columns[2]);
                instances.merge(columns[3], Long.parseLong(columns[1]), Long::sum);
            }
        }
        return new Heap(bytes, instances);
    }

    long instancesOf(Class<?> type) {
        return instances.getOrDefault(type.getName(), 0L);
    }

    /** How many there are of Runnel's own classes, tests included. */
    long instancesOfOurs() {
        return instances.entrySet()
                .stream()
                .filter(entry -> entry.getKey().startsWith("dev.runnel."))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }
}
