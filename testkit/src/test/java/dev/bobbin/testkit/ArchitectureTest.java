package dev.bobbin.testkit;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.bobbin.internal.journal.Storage;
import dev.bobbin.internal.journal.Storage.NoSpaceException;
import dev.bobbin.internal.journal.Storage.StoredFile;
import dev.bobbin.internal.local.Home;
import dev.bobbin.internal.local.LocalBobbin;
import dev.bobbin.internal.time.Time;
import org.junit.jupiter.api.Test;

/** What the kit may see of what it tests. */
class ArchitectureTest {
  private static final JavaClasses KIT =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.bobbin.testkit");

  @Test
  void contractSeesThePublicFaceOnly() {
    noClasses()
        .that()
        .haveNameMatching(".*(Contract|ContractSetup|Seen)(\\$.*)?")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.bobbin.internal..")
        .check(KIT);
  }

  @Test
  void kitSeesTheSeamsOnly() {
    noClasses()
        .should()
        .dependOnClassesThat(
            resideInAPackage("dev.bobbin.internal..")
                .and(
                    not(
                        belongToAnyOf(
                            Home.class,
                            LocalBobbin.class,
                            Storage.class,
                            StoredFile.class,
                            NoSpaceException.class,
                            Time.class))))
        .check(KIT);
  }
}
