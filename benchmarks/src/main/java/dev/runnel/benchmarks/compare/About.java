package dev.runnel.benchmarks.compare;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The machine, the versions and the date. */
final class About {

    private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

    private About() {}

    /** All of it but Go's version, each by its name. */
    static Map<String, String> now() throws IOException {
        Map<String, String> about = new LinkedHashMap<>();
        about.put("date",
                ZonedDateTime.now().truncatedTo(ChronoUnit.SECONDS).format(DateTimeFormatter.ISO_OFFSET_DATE_TIME));
        about.put("system", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        about.put("processor", processor() + ", cores: " + Runtime.getRuntime().availableProcessors());
        long memory = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
        about.put("memory", (memory >> 20) + " MiB");
        about.put("JDK", System.getProperty("java.vm.name") + " " + Runtime.version());
        about.putAll(libraries());
        return about;
    }

    private static String processor() throws IOException {
        String architecture = System.getProperty("os.arch");
        if (!Files.isReadable(CPU_INFO)) {
            return architecture;
        }
        try (Stream<String> lines = Files.lines(CPU_INFO)) {
            return lines.filter(line -> line.startsWith("model name"))
                    .findFirst()
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .orElse(architecture);
        }
    }

    /** What the build has written down. */
    private static Map<String, String> libraries() throws IOException {
        Properties properties = new Properties();
        try (InputStream in = About.class.getResourceAsStream("versions.properties")) {
            properties.load(in);
        }
        Map<String, String> versions = new TreeMap<>();
        properties.forEach((name, version) -> versions.put((String) name, (String) version));
        return versions;
    }
}
