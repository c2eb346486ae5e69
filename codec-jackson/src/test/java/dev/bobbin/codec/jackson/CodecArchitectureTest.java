package dev.bobbin.codec.jackson;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A codec sees the queue's public face and its own Jackson, and only Json is public. */
class CodecArchitectureTest {
  private static final JavaClasses CODECS =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.bobbin.codec");

  @ParameterizedTest
  @CsvSource({"jackson, tools.jackson..", "jackson2, com.fasterxml.jackson.."})
  void codecSeesThePublicFaceAndItsJackson(String room, String jackson) {
    classes()
        .that()
        .resideInAPackage("dev.bobbin.codec." + room)
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage(
                "dev.bobbin",
                "dev.bobbin.codec." + room,
                jackson,
                "com.fasterxml.jackson.annotation..",
                "java..",
                "org.jspecify.."))
        .check(CODECS);
  }

  @Test
  void onlyJsonIsPublic() {
    classes().that().arePublic().should().haveSimpleName("Json").check(CODECS);
  }
}
