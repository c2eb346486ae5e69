package dev.bobbin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who can reach a directory's files, and which files Bobbin does not touch. */
@Timeout(120)
class FileSecurityTest {
  private static final QueueOptions SMALL =
      QueueOptions.defaults().withRingBytes(256 << 10).withSegmentBytes(1 << 20);

  /** A user that is not the one who runs the tests. */
  private static final int OTHER = 65_534;

  @TempDir Path scratch;

  private Path directory() {
    Path directory = scratch.resolve("dir");
    try (Bobbin bobbin = Bobbin.open(directory)) {
      JobQueue<String> queue = bobbin.queue("q", Codec.text(), SMALL);
      queue.submit("job");
      queue.sync();
    }
    return directory;
  }

  private static void open(Path directory) {
    try (Bobbin bobbin = Bobbin.open(directory)) {
      assertThat(bobbin.queue("q", Codec.text(), SMALL).recovery().unfinished()).isOne();
    }
  }

  @Test
  void whateverTheUmaskFilesAreTheirOwnersAlone() throws Exception {
    Path top = scratch.resolve("top");
    Process child =
        new ProcessBuilder(
                "sh",
                "-c",
                "umask 000; exec \"$@\"",
                "sh",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                UmaskChild.class.getName(),
                top.resolve("parent/dir").toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(child.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(child.exitValue()).as(said).isZero();
    List<Path> all;
    try (Stream<Path> files = Files.walk(top)) {
      all = files.toList();
    }
    assertThat(all.toString())
        .contains("/lock", "/bobbin", "/queue", "/ring", ".segment", "/repaired-");
    for (Path path : all) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
          .as(path.toString())
          .isEqualTo(Files.isDirectory(path) ? "rwx------" : "rw-------");
    }
  }

  @Test
  void directoryThatOthersCanWriteIsOpenedAndLeftAsItIs() throws IOException {
    Path directory = Files.createDirectory(scratch.resolve("dir"));
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
    directory();
    open(directory);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)))
        .isEqualTo("rwxrwxrwx");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bobbin",
        "lock",
        "queues",
        "queues/q",
        "queues/q/queue",
        "queues/q/ring",
        "queues/q/00000000.segment",
        "queues/q/00000001.segment"
      })
  void symbolicLinkIsRefused(String name) throws IOException {
    Path directory = directory();
    Path file = directory.resolve(name);
    Path elsewhere = scratch.resolve("elsewhere");
    Files.move(file, elsewhere);
    Files.createSymbolicLink(file, elsewhere);
    List<String> before = listing(elsewhere);
    assertRefused(directory, file, "found a symbolic link to " + elsewhere);
    assertThat(listing(elsewhere)).isEqualTo(before);
    Files.delete(file);
    Files.move(elsewhere, file);
    open(directory);
  }

  /**
   * Names, sizes and what was written when, but for the lock: whose file it is, is written there.
   */
  private static List<String> listing(Path top) throws IOException {
    try (Stream<Path> files = Files.walk(top)) {
      return files
          .sorted()
          .map(
              file -> {
                try {
                  return file + " " + Files.readAttributes(file, "size,lastModifiedTime");
                } catch (IOException e) {
                  throw new AssertionError(e);
                }
              })
          .toList();
    }
  }

  private static void assertRefused(Path directory, Path file, String found) {
    assertThatThrownBy(() -> open(directory))
        .isInstanceOf(BobbinException.class)
        .hasMessageContaining(file + ": expected a f")
        .hasMessageContaining(found)
        .hasMessageContaining("Nothing was changed");
    assertThatThrownBy(() -> Maintenance.repair(directory, RepairOptions.defaults()))
        .isInstanceOf(BobbinException.class)
        .hasMessageContaining(found);
  }

  @Test
  void linkToWhatIsNotThereIsRefused() throws IOException {
    Path directory = directory();
    Path ring = directory.resolve("queues/q/ring");
    Files.delete(ring);
    Files.createSymbolicLink(ring, scratch.resolve("absent"));
    assertRefused(directory, ring, "found a symbolic link to " + scratch.resolve("absent"));
    assertThat(scratch.resolve("absent")).doesNotExist();
  }

  @Test
  void repairDeletesNothingBehindALink() throws IOException {
    Path directory = directory();
    Path precious = Files.createDirectory(scratch.resolve("precious"));
    Files.createFile(precious.resolve("file"));
    Path work = directory.resolve("queues/q/repairing");
    Files.createSymbolicLink(work, precious);
    assertThatThrownBy(() -> Maintenance.repair(directory, RepairOptions.defaults()))
        .isInstanceOf(BobbinException.class)
        .hasMessageContaining(work + ": expected a folder, found a symbolic link");
    assertThat(precious.resolve("file")).exists();
  }

  @Test
  void directoryItselfMayBeALink() throws IOException {
    Path directory = directory();
    Path link = Files.createSymbolicLink(scratch.resolve("link"), directory);
    open(link);
    Path folder = Files.createDirectory(scratch.resolve("folder"));
    Path linkToParent = Files.createSymbolicLink(scratch.resolve("linkToParent"), folder);
    try (Bobbin bobbin = Bobbin.open(linkToParent.resolve("a/b"))) {
      assertThat(bobbin.queueNames()).isEmpty();
    }
    assertThat(folder.resolve("a/b/bobbin")).exists();
  }

  @Test
  void verifyNamesALink() throws IOException {
    Path directory = directory();
    Path ring = directory.resolve("queues/q/ring");
    Path elsewhere = Files.move(ring, scratch.resolve("elsewhere"));
    Files.createSymbolicLink(ring, elsewhere);
    VerifyReport report = Maintenance.verify(directory);
    assertThat(report.isHealthy()).isFalse();
    Damage damage = report.queues().get(0).damages().get(0);
    assertThat(damage.file()).isEqualTo(ring);
    assertThat(damage.found()).isEqualTo("a symbolic link to " + elsewhere);
  }

  @Test
  void pipeIsRefusedAndNotWaitedFor() throws Exception {
    Path directory = directory();
    for (String name : List.of("lock", "bobbin", "queues/q/queue", "queues/q/00000000.segment")) {
      Path file = directory.resolve(name);
      Path kept = Files.move(file, scratch.resolve("kept"));
      assertThat(new ProcessBuilder("mkfifo", file.toString()).start().waitFor()).isZero();
      assertRefused(directory, file, "found a pipe");
      Files.delete(file);
      Files.move(kept, file);
    }
    open(directory);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "bobbin",
        "lock",
        "queues",
        "queues/q",
        "queues/q/queue",
        "queues/q/ring",
        "queues/q/00000000.segment"
      })
  void foreignOwnerIsRefused(String name) throws IOException {
    Path directory = directory();
    Path file = name.isEmpty() ? directory : directory.resolve(name);
    giveAway(file, OTHER);
    assertThatThrownBy(() -> open(directory))
        .isInstanceOf(BobbinException.class)
        .hasMessageContaining(file + ": expected a f")
        .hasMessageContaining("of the user who runs this (0) or of root, found one of user 65534")
        .hasMessageContaining("chown -R");
    giveAway(file, 0);
    open(directory);
  }

  @Test
  void rootMayLookAtWhatBelongsToOthers() throws IOException {
    Path directory = directory();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.toList()) {
        giveAway(file, OTHER);
      }
    }
    assertThat(Maintenance.verify(directory).isHealthy()).isTrue();
    RepairOptions dryRun = RepairOptions.defaults().withDryRun(true);
    assertThat(Maintenance.repair(directory, dryRun).damages()).isEmpty();
    assertThatThrownBy(() -> Maintenance.repair(directory, RepairOptions.defaults()))
        .isInstanceOf(BobbinException.class)
        .hasMessageContaining("found one of user 65534");
  }

  private static void giveAway(Path file, int uid) throws IOException {
    assumeTrue("root".equals(System.getProperty("user.name")), "only root can give files away");
    Files.setAttribute(file, "unix:uid", uid, LinkOption.NOFOLLOW_LINKS);
  }

  @Test
  void folderWithAnotherNameIsNoQueue() throws IOException {
    Path directory = directory();
    Path queues = directory.resolve("queues");
    for (String name : List.of("UP", "..x", "a b", "\u001b[2J", "x".repeat(65), "-")) {
      Path folder = Files.createDirectory(queues.resolve(name));
      Files.copy(queues.resolve("q/queue"), folder.resolve("queue"));
    }
    assertThat(Maintenance.verify(directory).queues())
        .extracting(QueueVerification::queue)
        .containsExactly("q");
    assertThat(Maintenance.repair(directory, RepairOptions.defaults()).queues())
        .extracting(QueueRepair::queue)
        .containsExactly("q");
    try (Bobbin bobbin = Bobbin.open(directory)) {
      assertThat(bobbin.queueNames()).containsExactly("q");
      for (String name : List.of("..", "../q", "a/b", "", ".", "UP", "q\n", "q\u0000")) {
        assertThatThrownBy(() -> bobbin.queue(name, Codec.text()))
            .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> bobbin.storedQueue(name))
            .isInstanceOf(IllegalArgumentException.class);
      }
    }
  }

  @Test
  void markerIsNotReadBeyondWhatAMarkerHas() throws IOException {
    Path directory = directory();
    try (RandomAccessFile marker =
        new RandomAccessFile(directory.resolve("bobbin").toFile(), "rw")) {
      marker.setLength(3L << 30);
    }
    assertThatThrownBy(() -> open(directory))
        .isInstanceOf(BobbinException.class)
        .hasMessageContaining(
            "expected \"Bobbin directory, format 2\", found \"3221225472 bytes\"");
    assertThat(Maintenance.verify(directory).damages().get(0).found()).contains("3221225472 bytes");
  }
}
