package dev.bobbin.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bobbin.Codec;
import dev.bobbin.JobQueue;
import dev.bobbin.internal.journal.Storage;
import dev.bobbin.internal.journal.Storage.NoSpaceException;
import dev.bobbin.internal.journal.Storage.StoredFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/** The disk itself: what it keeps, loses and refuses. */
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class TestDiskTest {
  private static final DiskLuck ALL = (file, offset) -> true;
  private static final DiskLuck NONE = (file, offset) -> false;
  private static final int BYTES = 2048;

  private final TestDisk disk = new TestDisk();
  private final Storage folder = folder(disk);

  private static Storage folder(TestDisk of) {
    try {
      return of.mount().create("q");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static ByteBuffer filled(int bytes, int value) {
    ByteBuffer buffer = ByteBuffer.allocate(bytes);
    for (int i = 0; i < bytes; i++) {
      buffer.put(i, (byte) value);
    }
    return buffer;
  }

  /** The first byte of the piece at {@code offset}. */
  private static int read(TestDisk of, String name, int offset) throws IOException {
    try (StoredFile file = folder(of).open(name)) {
      ByteBuffer one = ByteBuffer.allocate(1);
      file.read(one, offset);
      return one.get(0);
    }
  }

  private static DiskLuck version(int wanted) {
    return new DiskLuck() {
      @Override
      public boolean survives(String file, long offset) {
        return true;
      }

      @Override
      public int version(String file, long offset, int versions) {
        return Math.min(wanted, versions);
      }
    };
  }

  @Test
  void machineDeathLeavesAnyOfTheWritesToAPiece() throws Exception {
    StoredFile file = folder.create("f", filled(BYTES, 1), BYTES);
    file.write(filled(512, 2), 0);
    file.write(filled(512, 3), 0);
    for (int version = 0; version <= 2; version++) {
      TestDisk dead = disk.copy();
      dead.machineDeath(version(version));
      assertThat(read(dead, "f", 0)).isEqualTo(1 + version);
    }
    file.force();
    disk.machineDeath(NONE);
    assertThat(read(disk, "f", 0)).isEqualTo(3);
  }

  @Test
  void mappedPagesAreOfTheAgesAtWhichTheyWereSeen() throws Exception {
    StoredFile file = folder.createUnforced("ring", BYTES);
    ByteBuffer mapped = file.map(0, BYTES);
    mapped.put(0, (byte) 1);
    disk.copy();
    mapped.put(0, (byte) 2);
    for (int version = 0; version <= 2; version++) {
      TestDisk dead = disk.copy();
      dead.machineDeath(version(version));
      assertThat(read(dead, "ring", 0)).isEqualTo(version);
    }
  }

  @Test
  void piecesAreLostOneByOne() throws Exception {
    StoredFile file = folder.create("f", filled(BYTES, 1), BYTES);
    file.write(filled(BYTES, 2), 0);
    disk.machineDeath((name, offset) -> offset == 1024);
    assertThat(read(disk, "f", 512)).isEqualTo(1);
    assertThat(read(disk, "f", 1024)).isEqualTo(2);
    assertThat(read(disk, "f", 1536)).isEqualTo(1);
  }

  @Test
  void fileThatWasNeverForcedMayBeGoneOrCut() throws Exception {
    folder.createUnforced("ring", BYTES).close();
    TestDisk gone = disk.copy();
    gone.machineDeath(NONE);
    assertThat(folder(gone).list()).isEmpty();
    TestDisk cut = disk.copy();
    cut.machineDeath(
        new DiskLuck() {
          @Override
          public boolean survives(String file, long offset) {
            return true;
          }

          @Override
          public long length(String file, long bytes) {
            return bytes - 700;
          }
        });
    try (StoredFile ring = folder(cut).open("ring")) {
      assertThat(ring.size()).isEqualTo(BYTES - 700);
    }
    folder.create("f", filled(8, 1), BYTES).close();
    disk.machineDeath(NONE);
    assertThat(folder(disk).list()).containsExactly("f", "ring");
  }

  @Test
  void copyAndOriginalGoTheirOwnWays() throws Exception {
    StoredFile file = folder.create("f", filled(BYTES, 1), BYTES);
    TestDisk copy = disk.copy();
    file.write(filled(512, 2), 0);
    assertThat(read(copy, "f", 0)).isEqualTo(1);
    disk.machineDeath(ALL);
    assertThat(read(disk, "f", 0)).isEqualTo(2);
  }

  @Test
  void copyOfADiskInUseIsWhatTheDeathOfTheProcessLeaves() {
    TestDisk busy = new TestDisk();
    try (TestBobbin bobbin = TestBobbin.on(busy)) {
      JobQueue<String> queue = bobbin.queue("q", Codec.text(), Kit.options());
      queue.submit("job");
      TestDisk copy = busy.copy();
      try (TestBobbin after = TestBobbin.on(copy)) {
        assertThat(Kit.takeAll(after.queue("q", Codec.text(), Kit.options())))
            .containsExactly("job");
      }
      assertThat(Kit.takeAll(queue)).containsExactly("job");
    }
  }

  @Test
  void nthOperationFailsWhateverItIs() throws Exception {
    StoredFile file = folder.create("f", filled(BYTES, 1), BYTES);
    disk.failNth(2);
    file.write(filled(512, 2), 0);
    assertThatThrownBy(file::force).hasMessageContaining("FORCE");
    file.force();
    disk.failFrom(1);
    assertThatThrownBy(() -> file.write(filled(512, 2), 0)).hasMessageContaining("WRITE");
    assertThatThrownBy(folder::list).hasMessageContaining("LIST");
    disk.heal();
    assertThat(folder.list()).containsExactly("f");
    assertThat(disk.count()).isEqualTo(7);
  }

  @Test
  void failedWriteHasWrittenAPart() throws Exception {
    StoredFile file = folder.create("f", filled(BYTES, 1), BYTES);
    disk.failNext(DiskOperation.WRITE);
    assertThatThrownBy(() -> file.write(filled(BYTES, 2), 0)).isInstanceOf(IOException.class);
    assertThat(read(disk.copy(), "f", 512)).isEqualTo(2);
    assertThat(read(disk.copy(), "f", 1024)).isEqualTo(1);
  }

  @Test
  void operationsFailWithTheErrorThatWasChosen() throws Exception {
    disk.failWith(DiskError.NO_SPACE);
    disk.failFrom(1);
    assertThatThrownBy(() -> folder.create("f", filled(8, 1), BYTES))
        .isInstanceOf(NoSpaceException.class)
        .hasRootCauseMessage("No space left on device (TestDisk), at CREATE of q/f");
    disk.failWith(DiskError.TOO_MANY_FILES);
    assertThatThrownBy(() -> folder.open("f"))
        .hasMessage("Too many open files (TestDisk), at OPEN of q/f");
    disk.heal();
    disk.failNth(1);
    assertThatThrownBy(folder::list).hasMessageStartingWith("Input/output error");
  }

  @Test
  void watcherSeesOperationsBeforeTheyAreDone() throws Exception {
    List<String> seen = new ArrayList<>();
    List<TestDisk> copies = new ArrayList<>();
    StoredFile file = folder.create("f", filled(BYTES, 1), BYTES);
    disk.watch(
        (operation, name) -> {
          seen.add(operation + " " + name);
          copies.add(disk.copy());
        });
    file.write(filled(512, 2), 0);
    file.force();
    assertThat(seen).containsExactly("WRITE q/f", "FORCE q/f");
    assertThat(read(copies.get(0), "f", 0)).isEqualTo(1);
    assertThat(read(copies.get(1), "f", 0)).isEqualTo(2);
  }
}
