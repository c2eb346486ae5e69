package dev.bobbin.internal;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.bobbin.Bobbin;
import dev.bobbin.Codec;
import dev.bobbin.Maintenance;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The arrows between the rooms (docs/design, section 8). Any other arrow fails. */
class ArchitectureTest {
  private static final String ROOT = "dev.bobbin.internal.";
  private static final String ALL = "dev.bobbin.internal..";
  private static final JavaClasses CORE =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.bobbin");

  /** Public types may be used everywhere: they are what the rooms are there for. */
  @ParameterizedTest
  @CsvSource({
    "position, ''",
    "time,     ''",
    "move,     ''",
    "watch,    ''",
    "delay,    ring",
    "ring,     position",
    "journal,  position",
    "recovery, position ring journal",
    "work,     ring position watch time",
    "admit,    ring time",
    "inspect,  position ring journal recovery",
    "local,    position ring journal recovery delay work admit watch inspect time move"
  })
  void roomSeesOnly(String room, String others) {
    String[] allowed =
        Arrays.stream((room + " " + others).trim().split(" "))
            .map(name -> ROOT + name)
            .toArray(String[]::new);
    assertThat(CORE.stream().anyMatch(c -> c.getPackageName().equals(ROOT + room))).isTrue();
    noClasses()
        .that()
        .resideInAPackage(ROOT + room)
        .should()
        .dependOnClassesThat(resideInAPackage(ALL).and(not(resideInAnyPackage(allowed))))
        .check(CORE);
  }

  @Test
  void everyRoomIsInTheTable() {
    List<String> rooms =
        List.of(
            "position",
            "time",
            "move",
            "watch",
            "delay",
            "ring",
            "journal",
            "recovery",
            "inspect",
            "work",
            "admit",
            "local");
    assertThat(
            CORE.stream()
                .map(c -> c.getPackageName())
                .filter(p -> p.startsWith(ROOT))
                .map(p -> p.substring(ROOT.length()))
                .distinct())
        .containsExactlyInAnyOrderElementsOf(rooms);
  }

  @Test
  void onlyThePublicFactoriesSeeTheInside() {
    noClasses()
        .that()
        .resideInAPackage("dev.bobbin")
        .and()
        .doNotBelongToAnyOf(Bobbin.class, Codec.class, Maintenance.class)
        .should()
        .dependOnClassesThat()
        .resideInAPackage(ALL)
        .check(CORE);
  }

  @Test
  void coreNeedsTheJdkAndThreeLibraries() {
    classes()
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage(
                "dev.bobbin..", "java..", "org.HdrHistogram..", "org.slf4j..", "org.jspecify.."))
        .check(CORE);
  }

  @Test
  void noUnsafeNoSerializationNoReflectiveClassNames() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .haveNameMatching(
            "(sun\\.misc|jdk\\.internal)\\..*|java\\.io\\.Object(In|Out)putStream"
                + "|java\\.lang\\.reflect\\..*|java\\.lang\\.ClassLoader")
        .check(CORE);
    noClasses()
        .should()
        .callMethodWhere(
            target(owner(assignableTo(Class.class)))
                .and(target(name("forName")))
                .or(target(name("loadClass")))
                .or(target(name("findClass"))))
        .check(CORE);
  }

  /** A file is its owner's from the moment it exists; what is narrowed later was wide before. */
  @Test
  void permissionsAreGivenAtCreationOnly() {
    noClasses()
        .should()
        .callMethodWhere(target(name("setPosixFilePermissions")))
        .orShould()
        .callMethodWhere(target(name("setPermissions")))
        .check(CORE);
  }

  /** Whoever opens a file by itself would follow links. */
  @Test
  void filesAreOpenedByTheGuardAlone() {
    noClasses()
        .that()
        .haveSimpleNameNotEndingWith("FileGuard")
        // A folder, to force its entries; and one of the system's files.
        .and()
        .doNotHaveSimpleName("FileStorage")
        .and()
        .doNotHaveSimpleName("ProcessUser")
        .should()
        .callMethodWhere(
            target(name("open"))
                .and(target(owner(assignableTo(FileChannel.class))))
                .or(
                    target(owner(assignableTo(Files.class)))
                        .and(target(nameMatching("(read|write|new(In|Out|Byte|Buff)).*")))
                        .and(not(target(name("readAttributes"))))))
        .check(CORE);
  }

  @Test
  void onlyTheJournalTheRootAndItsLockTouchFileChannels() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + "journal")
        .and()
        .doNotHaveSimpleName("Root")
        .and()
        .doNotHaveSimpleName("DirectoryLock")
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.nio.channels.FileChannel")
        .check(CORE);
  }

  @Test
  void publicFaceIsPublicAndFinalOrAnInterface() {
    classes()
        .that()
        .resideInAPackage("dev.bobbin")
        .and()
        .arePublic()
        .and()
        .areNotInterfaces()
        .and()
        .areNotEnums()
        .and()
        .doNotHaveSimpleName("BobbinException")
        .and()
        .doNotHaveSimpleName("package-info")
        .should()
        .haveModifier(JavaModifier.FINAL)
        .check(CORE);
  }
}
