package dev.bobbin.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.bobbin.Bobbin;
import dev.bobbin.Codec;
import dev.bobbin.QueueOptions;
import dev.bobbin.cli.Cli;
import dev.bobbin.cli.Cli.Finished;
import dev.bobbin.cli.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DoctorTest {
  @TempDir Path scratch;
  private Path dir;

  @BeforeEach
  void create() {
    dir = scratch.resolve("dir");
    try (Bobbin bobbin = Bobbin.open(dir)) {
      bobbin.queue(
          "q",
          Codec.text(),
          QueueOptions.defaults().withRingBytes(256 << 10).withSegmentBytes(1 << 20));
    }
  }

  private static Map<String, Map<String, Object>> look(Path dir, int status) throws IOException {
    Finished doctor = Cli.call("doctor", dir, "-o", "json");
    assertThat(doctor.status()).as(doctor.utf8() + doctor.err()).isEqualTo(status);
    return doctor.objects().stream()
        .collect(Collectors.toMap(finding -> (String) finding.get("check"), finding -> finding));
  }

  private static void assertFound(
      Map<String, Object> finding, String level, String found, String advice) {
    assertThat(finding).containsEntry("level", level);
    assertThat((String) finding.get("found")).contains(found);
    assertThat(String.valueOf(finding.get("advice"))).contains(advice);
  }

  @Test
  void healthyDirectoryHasNothingToDo() throws IOException {
    Map<String, Map<String, Object>> findings = look(dir, ExitCode.OK);
    assertThat(findings.keySet())
        .containsExactlyInAnyOrder(
            "holder",
            "queues",
            "file system",
            "free space",
            "permissions",
            "owner",
            "links",
            "force latency",
            "java",
            "open files");
    assertFound(findings.get("holder"), "ok", "no process", "null");
    assertFound(findings.get("queues"), "ok", "q", "null");
    assertFound(findings.get("permissions"), "ok", "only the owner", "null");
    assertThat(findings.get("file system"))
        .containsEntry("fileSystem", Files.getFileStore(dir).type());
    assertThat(findings.get("force latency"))
        .containsKeys("forceP50Micros", "forceP90Micros", "forceMaxMicros");
    assertThat(findings.get("free space")).containsKeys("freeBytes", "totalBytes");
  }

  @Test
  void nothingIsLeftBehind() throws IOException {
    List<Path> before = files();
    look(dir, ExitCode.OK);
    assertThat(files()).isEqualTo(before);
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.walk(dir)) {
      return files.sorted().toList();
    }
  }

  @Test
  void openFilesAndFoldersAreNamed() throws IOException {
    Files.setPosixFilePermissions(dir, PosixFilePermissions.fromString("rwxr-x---"));
    Files.setPosixFilePermissions(
        dir.resolve("queues/q/ring"), PosixFilePermissions.fromString("rw-r--r--"));
    assertFound(
        look(dir, ExitCode.OK).get("permissions"), "warn", "queues/q/ring", "chmod -R go-rwx");
    Files.setPosixFilePermissions(
        dir.resolve("queues/q/ring"), PosixFilePermissions.fromString("r--------"));
    assertFound(look(dir, ExitCode.FAILED).get("permissions"), "fail", "queues/q/ring", "u+rwX");
  }

  @Test
  void filesOfAnotherUserAreNamed() throws IOException {
    assumeTrue("root".equals(System.getProperty("user.name")), "only root can give files away");
    Path ring = dir.resolve("queues/q/ring");
    Files.setOwner(
        ring, dir.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody"));
    assertFound(look(dir, ExitCode.FAILED).get("owner"), "fail", "queues/q/ring", "chown -R root");
  }

  @Test
  void volumeMayBeRootsAndItsFilesTheUsers() throws IOException {
    assumeTrue("root".equals(System.getProperty("user.name")), "only root can give files away");
    try (Stream<Path> files = Files.walk(dir)) {
      for (Path file : files.filter(file -> !file.equals(dir)).toList()) {
        Files.setOwner(
            file,
            dir.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody"));
      }
    }
    assertFound(look(dir, ExitCode.FAILED).get("owner"), "warn", "nobody", "run bobbin as nobody");
  }

  @Test
  void whatOthersCanWriteIsWorse() throws IOException {
    Files.setPosixFilePermissions(dir, PosixFilePermissions.fromString("rwxrwxrwx"));
    assertFound(
        look(dir, ExitCode.OK).get("permissions"), "warn", "can write", "delete and change jobs");
  }

  @Test
  void folderThatNoQueueCanHaveIsNamed() throws IOException {
    Files.createDirectory(dir.resolve("queues/Old\u001b[2J"));
    assertFound(look(dir, ExitCode.OK).get("names"), "warn", "queues/Old", "Give it its name back");
  }

  @Test
  void linksInsideAreNamedAndTheOneToTheDirectoryIsFollowed() throws IOException {
    Path link = Files.createSymbolicLink(scratch.resolve("link"), dir);
    assertFound(look(link, ExitCode.OK).get("links"), "ok", dir.toRealPath().toString(), "null");
    Path elsewhere = scratch.resolve("elsewhere");
    Files.move(dir.resolve("queues/q"), elsewhere);
    Files.createSymbolicLink(dir.resolve("queues/q"), elsewhere);
    assertFound(
        look(dir, ExitCode.FAILED).get("links"), "fail", "queues/q", "past the directory's");
    assertThat(Files.exists(dir.resolve("queues/q"), LinkOption.NOFOLLOW_LINKS)).isTrue();
  }

  @Test
  void damagedDescriptionFails() throws IOException {
    Path file = dir.resolve("queues/q/queue");
    Files.write(file, new byte[4096]);
    assertFound(look(dir, ExitCode.FAILED).get("queues"), "fail", file.toString(), "backup");
  }

  @Test
  void tableEndsWithWhatToDo() throws IOException {
    Files.setPosixFilePermissions(dir, PosixFilePermissions.fromString("rwxr-xr-x"));
    Finished doctor = Cli.call("doctor", dir);
    assertThat(doctor.utf8())
        .contains("| level | check         | found ", "| warn  | permissions   | others")
        .contains("\n\npermissions: folders should have 0700")
        .doesNotContain("holder:");
  }

  @Test
  void whatIsNotBobbinsIsLeftAlone() {
    Finished absent = Cli.call("doctor", scratch.resolve("absent"));
    assertThat(absent.status()).isEqualTo(ExitCode.FAILED);
    assertThat(absent.err()).contains("does not exist");
    assertThat(Cli.call("doctor", scratch).err()).contains("is not a directory of Bobbin");
    assertThat(scratch.toFile().list()).containsExactly("dir");
  }

  @ParameterizedTest
  @CsvSource({
    "ext4, OK",
    "xfs, OK",
    "btrfs, OK",
    "tmpfs, WARN",
    "overlay, WARN",
    "nfs4, WARN",
    "cifs, WARN",
    "fuse.sshfs, WARN",
    "9p, WARN",
    "vfat, WARN",
    "unheard-of, WARN"
  })
  void fileSystemsAreJudged(String type, Level level) {
    Finding finding = Place.fileSystem(type);
    assertThat(finding.level()).isEqualTo(level);
    assertThat(finding.advice().isEmpty()).isEqualTo(level == Level.OK);
  }

  @ParameterizedTest
  @CsvSource({"99, FAIL", "100, WARN", "999, WARN", "1000, OK"})
  void spaceIsJudgedByWhatTheQueuesTakeNext(long free, Level level) {
    assertThat(Place.space(free, 100).level()).isEqualTo(level);
  }

  @ParameterizedTest
  @CsvSource({
    "9, 100, WARN",
    "10, 100, OK",
    "200, 900000, OK",
    "50001, 60000, WARN",
    "200, 1000001, WARN"
  })
  void forcesAreJudged(long usual, long slowest, Level level) {
    long[] micros = new long[50];
    Arrays.fill(micros, usual);
    micros[49] = slowest;
    Finding finding = Force.judge(micros, false);
    assertThat(finding.level()).isEqualTo(level);
    assertThat(finding.json())
        .containsEntry("forceP50Micros", usual)
        .containsEntry("forceMaxMicros", slowest);
  }

  @ParameterizedTest
  @CsvSource({"499, FAIL", "500, WARN", "999, WARN", "1000, OK"})
  void openFilesAreJudgedByWhatIsNeeded(long limit, Level level) {
    assertThat(Machine.openFiles(limit, 500, 3, "x").level()).isEqualTo(level);
  }
}
