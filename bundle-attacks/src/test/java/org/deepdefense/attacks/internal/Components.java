// SPDX-License-Identifier: Apache-2.0
package org.deepdefense.attacks.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.deepdefense.attack.Attack;
import org.deepdefense.attack.AttackPlugin;
import org.deepdefense.attacks.internal.gradient.Pgd;

/** The attacks of the bundle: all classes that are one, as its components are made of them. */
final class Components {

    private static final String SUFFIX = ".class";

    /** Marks in a class file what bnd makes a component of. */
    private static final String MARK = "Lorg/osgi/service/component/annotations/Component;";

    private Components() {}

    /**
     * An attack and what its component declares.
     *
     * @param attack the attack
     * @param declared becomes its service properties
     */
    record Component(Attack<?> attack, AttackPlugin declared) {

        @Override
        public String toString() {
            return declared.name();
        }
    }

    /** Returns all attacks, by the names of their classes. */
    static List<Component> all() {
        try {
            Path classes =
                    Path.of(Pgd.class.getProtectionDomain().getCodeSource().getLocation().toURI());
            try (Stream<Path> files = Files.walk(classes)) {
                return files.filter(file -> file.toString().endsWith(SUFFIX))
                        .sorted()
                        .flatMap(file -> component(classes, file).stream())
                        .toList();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns the attack of a class file, or nothing if there is none in it. */
    private static List<Component> component(Path classes, Path file) {
        String path = classes.relativize(file).toString();
        String name =
                path.substring(0, path.length() - SUFFIX.length())
                        .replace(file.getFileSystem().getSeparator(), ".");
        try {
            Class<?> type = Class.forName(name);
            if (!Attack.class.isAssignableFrom(type) || Modifier.isAbstract(type.getModifiers())) {
                return List.of();
            }
            String content = Files.readString(file, StandardCharsets.ISO_8859_1);
            AttackPlugin declared = type.getDeclaredAnnotation(AttackPlugin.class);
            if (!content.contains(MARK) || declared == null) {
                throw new IllegalStateException(name + " is an attack, but no component");
            }
            Attack<?> attack = (Attack<?>) type.getConstructor().newInstance();
            return List.of(new Component(attack, declared));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(name, e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
