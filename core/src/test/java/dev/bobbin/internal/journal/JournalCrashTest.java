package dev.bobbin.internal.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bobbin.CorruptionException;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What deaths, failed forces and damage leave of a journal, and how it goes on. */
@Timeout(120)
class JournalCrashTest extends OneJournal {
  /** Its blocks were not promised, and a new segment with its number would bring them back. */
  @Test
  void numberOfASegmentWithoutAHeaderIsNotGivenAgain() throws IOException {
    Journal first = open(disk);
    append(first, 0, 64);
    first.force();
    MemoryStorage dead = disk.processDeath();
    Journal again = open(dead);
    append(again, 64, 64);
    append(again, 128, 64);
    String file = again.extents().find(64).segment.file.name();
    Arrays.fill(dead.bytes(file), 0, Segment.HEADER_BYTES, (byte) 0);
    for (int i = 0; i < 2; i++) {
      Journal third = open(dead);
      assertThat(live(third)).as("opening %d", i).containsExactly(0L);
      third.body();
      third.appendClosed();
      third.force();
    }
  }

  @Test
  void failedForceIsNotTakenForSuccess() throws IOException {
    Journal journal = open(disk);
    append(journal, 0, 64);
    disk.failingForce = new IOException("broken");
    assertThatThrownBy(journal::force).hasMessage("broken");
    assertThat(live(disk.machineDeath())).isEmpty();
  }

  /** A journal whose last force failed, in a cycle that went over into a new segment. */
  private void failForceOverASegmentsEnd() throws IOException {
    Journal journal = open(disk);
    append(journal, 0, 64);
    journal.force();
    for (long next = 64; next < 8L * BIG; next += BIG) {
      append(journal, next, BIG);
    }
    disk.failingForce = new IOException("broken");
    assertThatThrownBy(journal::force).hasMessage("broken");
  }

  /** Invariant 7: that the next force reports success says nothing of what the last one gave up. */
  @Test
  void whatAFailedForceGaveUpIsWrittenAgainBeforeAnyoneReliesOnIt() throws IOException {
    failForceOverASegmentsEnd();
    assertThat(live(disk.machineDeath())).containsExactly(0L);
    MemoryStorage reopened = disk.processDeath();
    Journal next = open(reopened);
    List<Long> found = live(next);
    assertThat(found).hasSize(9);
    append(next, 100L * BIG, 64);
    next.force();
    assertThat(live(reopened.machineDeath())).startsWith(found.toArray(new Long[0])).hasSize(10);
  }

  /** The system may drop what was given up at any moment, between two looks of recovery even. */
  @Test
  void opensOrSaysSoWhenWhatAFailedForceGaveUpVanishes() throws IOException {
    failForceOverASegmentsEnd();
    int refused = 0;
    int reads = 0;
    for (boolean vanished = true; vanished; reads++) {
      MemoryStorage reopened = disk.processDeath();
      reopened.readsToForgetting = reads;
      List<Long> found = List.of(0L);
      try {
        Journal next = open(reopened);
        // The last round: it was not needed any more.
        vanished = reopened.readsToForgetting < 0;
        found = live(next);
        append(next, 100L * BIG, 64);
        next.force();
      } catch (IOException e) {
        refused++;
      }
      assertThat(live(reopened.machineDeath()))
          .as("%d reads", reads)
          .startsWith(found.toArray(new Long[0]));
      assertThat(live(reopened)).as("%d reads", reads).startsWith(found.toArray(new Long[0]));
    }
    assertThat(refused).isPositive();
    assertThat(reads).isGreaterThan(20);
  }

  /** The machine died in a cycle that went over into a new segment, of which only that is left. */
  @Test
  void unforcedSegmentBehindATornOneIsNotCorruption() throws IOException {
    Journal journal = open(disk);
    append(journal, 0, 64);
    journal.force();
    long next = 64;
    for (int i = 0; i < 12; i++) {
      append(journal, next, BIG);
      next += BIG;
    }
    List<String> names = disk.names();
    for (String lucky : names) {
      MemoryStorage dead = disk.machineDeath(lucky);
      assertThat(live(dead)).as("only %s was written back", lucky).contains(0L);
      // And it goes on from there, also over the next deaths.
      Journal again = open(dead);
      append(again, next, 64);
      again.force();
      assertThat(live(dead.machineDeath())).contains(0L, next);
      assertThat(live(dead.processDeath())).contains(0L, next);
    }
  }

  @Test
  void promisedSegmentThatIsLostIsCorruption() throws IOException {
    Journal journal = open(disk);
    for (int i = 0; i < 12; i++) {
      append(journal, (long) i * BIG, BIG);
      journal.force();
    }
    for (String name : disk.names().subList(0, 2)) {
      MemoryStorage dead = disk.machineDeath();
      dead.delete(name);
      assertThatThrownBy(() -> live(dead)).isInstanceOf(CorruptionException.class);
    }
  }

  /** The process died, then the machine: what was only written must not be called durable. */
  @Test
  void blocksOfADeadProcessAreForcedBeforeAnyoneReliesOnThem() throws IOException {
    Journal journal = open(disk);
    append(journal, 0, 64);
    journal.force();
    append(journal, 64, 64);
    MemoryStorage second = disk.processDeath();
    Journal next = open(second);
    append(next, 128, 64);
    next.force();
    MemoryStorage dead = second.machineDeath();
    assertThatCode(() -> live(dead)).doesNotThrowAnyException();
    assertThat(live(dead)).containsExactly(0L, 64L, 128L);
  }

  @Test
  void openingThatFindsCorruptionClosesWhatItOpened() throws IOException {
    Journal journal = open(disk);
    for (int i = 0; i < 12; i++) {
      append(journal, (long) i * BIG, BIG);
      journal.force();
    }
    MemoryStorage dead = disk.machineDeath();
    dead.bytes(dead.names().get(0))[4096 + 20] ^= 1;
    assertThatThrownBy(() -> live(dead)).isInstanceOf(CorruptionException.class);
    assertThat(dead.closed).isEqualTo(dead.opened);
  }

  @Test
  void bodyIsCheckedWheneverItIsReadBack() throws IOException {
    Journal journal = open(disk);
    append(journal, 0, 4096);
    disk.bytes(disk.names().get(0))[4096 + 200] ^= 1;
    assertThatThrownBy(() -> live(journal))
        .hasMessageContainingAll(disk.names().get(0), "offset 4096", "checksum");
  }
}
