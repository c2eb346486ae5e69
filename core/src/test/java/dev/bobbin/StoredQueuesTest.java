package dev.bobbin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What tools need that do not know the program: to open what is there, and to see what it is. */
class StoredQueuesTest {
  private static final QueueOptions SMALL =
      QueueOptions.defaults().withRingBytes(256 << 10).withSegmentBytes(1 << 20);

  @TempDir Path scratch;

  private Path dir() {
    return scratch.resolve("dir");
  }

  private static void create(Bobbin bobbin, String name, QueueOptions options) {
    bobbin.queue(name, Codec.text(), options).close();
  }

  @Test
  void existingDirectoryIsOpenedWithItsQueues() {
    try (Bobbin bobbin = Bobbin.open(dir())) {
      create(bobbin, "b", SMALL);
      create(bobbin, "a.large", SMALL.withSegmentBytes(2 << 20).withRingBytes(512 << 10));
    }
    try (Bobbin bobbin = Bobbin.openExisting(dir())) {
      assertThat(bobbin.queueNames()).containsExactly("a.large", "b");
      assertThat(bobbin.storedQueue("b")).contains(new StoredQueue("b", 256 << 10, 1 << 20));
      assertThat(bobbin.storedQueue("a.large"))
          .contains(new StoredQueue("a.large", 512 << 10, 2 << 20));
      assertThat(bobbin.storedQueue("c")).isEmpty();
      assertThat(bobbin.queueNames()).as("asking creates nothing").containsExactly("a.large", "b");
    }
  }

  @Test
  void storedOptionsOpenTheQueueAndLetEveryJobThrough() {
    String largest = "x".repeat(4096);
    try (Bobbin bobbin = Bobbin.open(dir())) {
      bobbin.queue("q", Codec.text(), SMALL).submit(largest);
    }
    try (Bobbin bobbin = Bobbin.openExisting(dir())) {
      StoredQueue stored = bobbin.storedQueue("q").orElseThrow();
      assertThat(stored.maxPayloadBytes()).isEqualTo(SMALL.maxPayloadBytes()).isEqualTo(4096);
      assertThat(stored.options().limits()).isEqualTo(new Limits(Long.MAX_VALUE, Long.MAX_VALUE));
      assertThat(stored.options().deadLetters()).isEqualTo(DeadLetterLimit.NONE);
      assertThat(stored.options().retry().maxCrashes()).isEqualTo(15);
      JobQueue<String> queue = bobbin.queue("q", Codec.text(), stored.options());
      assertThat(queue.status().counts().ready()).isOne();
      queue.submit(largest);
    }
  }

  @Test
  void openQueueIsListedToo() {
    try (Bobbin bobbin = Bobbin.open(dir());
        JobQueue<String> open = bobbin.queue("open", Codec.text(), SMALL)) {
      open.submit("job");
      assertThat(bobbin.queueNames()).containsExactly("open");
      assertThat(bobbin.storedQueue("open")).contains(new StoredQueue("open", 256 << 10, 1 << 20));
      open.submit("the queue goes on");
      open.sync();
    }
  }

  @Test
  void inMemoryTheOpenQueuesAreAll() {
    try (Bobbin bobbin = Bobbin.inMemory()) {
      assertThat(bobbin.queueNames()).isEmpty();
      JobQueue<String> queue = bobbin.queue("z", Codec.text(), SMALL);
      bobbin.queue("y", Codec.text());
      assertThat(bobbin.queueNames()).containsExactly("y", "z");
      assertThat(bobbin.storedQueue("z")).contains(new StoredQueue("z", 256 << 10, 1 << 20));
      queue.close();
      assertThat(bobbin.queueNames()).containsExactly("y");
      assertThat(bobbin.storedQueue("z")).isEmpty();
    }
  }

  @Test
  void folderWithoutAQueueIsNone() throws IOException {
    try (Bobbin bobbin = Bobbin.open(dir())) {
      assertThat(bobbin.queueNames()).as("before the first queue").isEmpty();
      create(bobbin, "q", SMALL);
      Path queues = dir().resolve("queues");
      Files.createDirectory(queues.resolve("begun"));
      Files.createFile(queues.resolve("begun").resolve("queue.tmp"));
      Files.copy(
          queues.resolve("q/queue"), Files.createDirectory(queues.resolve("UP")).resolve("queue"));
      Files.createFile(queues.resolve("file"));
      assertThat(bobbin.queueNames()).containsExactly("q");
      assertThat(bobbin.storedQueue("begun")).isEmpty();
      assertThat(queues.resolve("begun/queue.tmp")).as("nothing is tidied up").exists();
    }
  }

  @Test
  void damagedQueueIsListedAndSaysWhatIsWrong() throws IOException {
    try (Bobbin bobbin = Bobbin.open(dir())) {
      create(bobbin, "q", SMALL);
      Path file = dir().resolve("queues/q/queue");
      byte[] good = Files.readAllBytes(file);
      byte[] bad = good.clone();
      bad[24] ^= 1;
      Files.write(file, bad);
      assertDamaged(bobbin, file, "checksum");
      Files.write(file, new byte[good.length]);
      assertDamaged(bobbin, file, "does not begin");
      Files.write(file, new byte[0]);
      assertDamaged(bobbin, file, "has 0 bytes");
      Files.delete(file);
      assertDamaged(bobbin, file, "is missing beside a journal");
      Files.write(file, good);
      assertThat(bobbin.storedQueue("q")).isPresent();
    }
  }

  private static void assertDamaged(Bobbin bobbin, Path file, String why) {
    assertThat(bobbin.queueNames()).containsExactly("q");
    assertThatThrownBy(() -> bobbin.storedQueue("q"))
        .isInstanceOf(CorruptionException.class)
        .hasMessageContainingAll(file.toString(), why);
    assertThatThrownBy(() -> bobbin.queue("q", Codec.text(), SMALL))
        .isInstanceOf(CorruptionException.class)
        .hasMessageContainingAll(file.toString(), why);
  }

  @Test
  void impossibleNamesAndClosedBobbinsAreRefused() {
    Bobbin bobbin = Bobbin.open(dir());
    assertThatThrownBy(() -> bobbin.storedQueue("../q"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("../q");
    bobbin.close();
    assertThatThrownBy(bobbin::queueNames).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> bobbin.storedQueue("q")).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void whatIsNotThereIsNotCreated() throws IOException {
    refused(dir(), "does not exist");
    assertThat(dir()).doesNotExist();
    Path file = Files.writeString(scratch.resolve("file"), "data");
    refused(file, "is not a directory of Bobbin");
    assertThat(file).hasContent("data");
    Path empty = Files.createDirectory(scratch.resolve("empty"));
    refused(empty, "no file \"bobbin\"");
    assertThat(empty).isEmptyDirectory();
    Path other = Files.createDirectory(scratch.resolve("other"));
    Files.writeString(other.resolve("bobbin"), "something else");
    refused(other, "something else");
    try (Stream<Path> files = Files.list(other)) {
      assertThat(files).hasSize(1);
    }
  }

  private static void refused(Path path, String why) {
    assertThatThrownBy(() -> Bobbin.openExisting(path))
        .isInstanceOf(BobbinException.class)
        .hasMessageContainingAll(path.toString(), why);
  }

  @Test
  void holderIsNamed() {
    try (Bobbin bobbin = Bobbin.open(dir())) {
      assertThat(bobbin.queueNames()).isEmpty();
      assertThatThrownBy(() -> Bobbin.openExisting(dir()))
          .isInstanceOfSatisfying(
              DirectoryInUseException.class,
              e -> assertThat(e.holder()).hasValue(ProcessHandle.current().pid()));
    }
  }
}
