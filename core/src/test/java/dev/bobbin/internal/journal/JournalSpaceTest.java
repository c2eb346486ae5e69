package dev.bobbin.internal.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.bobbin.internal.journal.Storage.NoSpaceException;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A journal whose disk is full (invariant 8). */
@Timeout(120)
class JournalSpaceTest extends OneJournal {
  /**
   * Appends jobs from {@code next} on until the disk is full; returns what would have been next.
   */
  private static long fill(Journal journal, long next) throws IOException {
    long at = next;
    try {
      while (true) {
        append(journal, at, BIG);
        at += BIG;
      }
    } catch (NoSpaceException e) {
      return at;
    }
  }

  @Test
  void spareIsHeldBackForAcks() throws IOException {
    Journal journal = open(disk);
    disk.maxFiles = 3;
    long next = fill(journal, 0);
    assertThat(next).isGreaterThan(SEGMENT);
    journal.force();
    for (long at = 0; at < next; at += BIG) {
      ack(journal, at, at + BIG);
      journal.force();
    }
    assertThat(live(disk.machineDeath())).isEmpty();
  }

  @Test
  void roomComesBackWhenJobsAreAcked() throws IOException {
    Journal journal = open(disk);
    disk.maxFiles = 3;
    long next = fill(journal, 0);
    journal.force();
    ack(journal, 0, next);
    journal.force();
    // The next block says which segments are free; once it is forced, they are used again.
    journal.appendClosed();
    journal.force();
    append(journal, next, BIG);
    journal.force();
    assertThat(live(disk.machineDeath())).containsExactly(next);
  }

  /** On a full disk nobody else may ever write the block that lets a freed segment be used. */
  @Test
  void roomComesBackByItselfWhenTheReserveIsUsedUp() throws IOException {
    Journal journal = open(disk);
    disk.maxFiles = 3;
    // The second time the reserve is used up, too.
    long next = fill(journal, fill(journal, 0));
    journal.force();
    for (long at = 0; at < next; at += BIG) {
      // Not to the journal, where there is no room for it.
      journal.extents().finish(at, at + BIG);
    }
    journal.force();
    append(journal, next, BIG);
    // Were that not forced before, the segment that is used again would still be needed.
    String reused = journal.extents().find(next).segment.file.name();
    assertThatCode(() -> open(disk.machineDeath(reused))).doesNotThrowAnyException();
    journal.force();
    assertThat(live(disk.machineDeath())).contains(next);
  }

  @Test
  void longLivedJobsDoNotPinASegmentWhenTheDiskIsFull() throws IOException {
    Journal journal = open(disk);
    disk.maxFiles = 4;
    append(journal, 0, 64);
    long next = fill(journal, 64);
    assertThat(next).isGreaterThan(SEGMENT);
    journal.force();
    long second = 64;
    while (journal.segments() > 1 && journal.extents().find(second) != null && second < SEGMENT) {
      ack(journal, second, second + BIG);
      second += BIG;
    }
    journal.force();
    int before = journal.segments();
    journal.reclaim();
    journal.force();
    assertThat(journal.segments()).isLessThan(before);
    assertThat(live(disk.machineDeath())).contains(0L);
  }

  /** What did not fit must not be called journaled by the blocks that follow. */
  @Test
  void blockAfterAFullDiskDoesNotHideTheJobsThatDidNotFit() throws IOException {
    Journal journal = open(disk);
    disk.maxFiles = 3;
    long next = fill(journal, 0);
    ack(journal, 0, BIG);
    journal.force();
    assertThat(reader(disk.processDeath()).open(0).journaledEnd()).isEqualTo(next);
  }
}
