package dev.runnel;

import static java.util.stream.Collectors.toSet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleDescriptor.Requires;
import java.lang.module.ModuleFinder;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What the module lets others see and what it needs. That nobody gets further, the consumer project in {@code
 * core/src/it} tries out.
 */
class ModuleTest {

    private static final Path CLASSES = classes();

    private static final Set<String> PACKAGES = Set.of("dev.runnel", "dev.runnel.patterns");

    private static Path classes() {
        try {
            return Path.of(Chan.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    private static ModuleDescriptor module() {
        return ModuleFinder.of(CLASSES).find("dev.runnel").orElseThrow().descriptor();
    }

    @Test
    void module_exports_itsPackagesToAll() {
        assertEquals(PACKAGES, module().packages());
        assertEquals(PACKAGES, module().exports().stream().map(ModuleDescriptor.Exports::source).collect(toSet()));
        assertTrue(module().exports().stream().noneMatch(ModuleDescriptor.Exports::isQualified));
    }

    @Test
    void module_opens_nothing() {
        assertFalse(module().isOpen());
        assertEquals(Set.of(), module().opens());
    }

    @Test
    void module_atRunTime_needsTheBaseOnly() {
        Set<String> needed = module().requires()
                .stream()
                .filter(required -> !required.modifiers().contains(Requires.Modifier.STATIC))
                .map(Requires::name)
                .collect(toSet());
        assertEquals(Set.of("java.base"), needed);
        assertTrue(module().requires()
                .stream()
                .noneMatch(required -> required.modifiers().contains(Requires.Modifier.TRANSITIVE)));
    }

    @Test
    void packages_publicTypes_areTheDocumentedOnes() throws Exception {
        Set<String> published = types().stream()
                .filter(type -> Modifier.isPublic(type.getModifiers()))
                .map(Class::getSimpleName)
                .collect(toSet());
        assertEquals(
                Set.of("Action", "AfterFunc", "Buffer", "CancelContext", "Case", "CaseSet", "Chan",
                        "ChanClosedException", "Context", "ContextException", "DeadlineExceededException", "Go",
                        "Group", "Handler", "Key", "Producers", "ReceiveChan", "Result", "SendCase", "SendChan",
                        "Task", "Ticker", "Timer", "UncheckedInterruptedException", "WaitGroup", "Merge", "Mapper",
                        "Stage", "Batch",
                        "Broadcast", "Subscription", "RateLimit", "Retry"),
                published);
    }

    /** A program implements what it hands to Runnel to run, and nothing that Runnel relies on. */
    @Test
    void publicTypes_toInheritFrom_areFunctionalInterfacesAndExceptions() throws Exception {
        Set<String> inheritable = types().stream()
                .filter(type -> Modifier.isPublic(type.getModifiers()))
                .filter(type -> !Modifier.isFinal(type.getModifiers()) && !type.isSealed())
                .filter(type -> type.isInterface() || Arrays.stream(type.getDeclaredConstructors())
                        .anyMatch(ModuleTest::isVisible))
                .map(Class::getSimpleName)
                .collect(toSet());
        assertEquals(
                Set.of("Action", "ChanClosedException", "Handler", "Mapper", "Task", "UncheckedInterruptedException"),
                inheritable);
    }

    @Test
    void publicTypes_visibleMembers_mentionNoInternals() throws Exception {
        for (Class<?> type : types()) {
            if (Modifier.isPublic(type.getModifiers())) {
                Stream.of(type.getDeclaredFields(), type.getDeclaredMethods(), type.getDeclaredConstructors())
                        .flatMap(Arrays::stream)
                        .filter(member -> isVisible((Member) member) && !((Member) member).isSynthetic())
                        .forEach(member -> mentioned((Member) member).forEach(mentioned -> assertTrue(
                                !PACKAGES.contains(mentioned.getPackageName())
                                        || Modifier.isPublic(mentioned.getModifiers()),
                                member + " mentions " + mentioned)));
            }
        }
    }

    private static boolean isVisible(Member member) {
        return (member.getModifiers() & (Modifier.PUBLIC | Modifier.PROTECTED)) != 0;
    }

    private static Stream<Class<?>> mentioned(Member member) {
        Stream<Class<?>> mentioned = switch (member) {
            case Field field -> Stream.of(field.getType());
            case Method method -> Stream.concat(
                    Stream.of(method.getReturnType()), parameters(method));
            case Constructor<?> constructor -> parameters(constructor);
            default -> throw new AssertionError(member);
        };
        return mentioned.map(type -> type.isArray() ? type.getComponentType() : type);
    }

    private static Stream<Class<?>> parameters(Executable executable) {
        return Stream.concat(Arrays.stream(executable.getParameterTypes()),
                Arrays.stream(executable.getExceptionTypes()));
    }

    /** All types of the module, nested ones too. */
    private static List<Class<?>> types() throws IOException, ReflectiveOperationException {
        List<String> names = new ArrayList<>();
        for (String name : PACKAGES) {
            try (Stream<Path> files = Files.list(CLASSES.resolve(name.replace('.', '/')))) {
                files.map(file -> file.getFileName().toString())
                        .filter(file -> file.endsWith(".class") && !file.equals("package-info.class"))
                        .forEach(file -> names.add(name + "." + file.substring(0, file.length() - ".class".length())));
            }
        }
        assertTrue(names.contains("dev.runnel.LockedChan"), names::toString);
        List<Class<?>> types = new ArrayList<>();
        for (String name : names) {
            types.add(Class.forName(name, false, Chan.class.getClassLoader()));
        }
        return types;
    }
}
