package dev.bobbin.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bobbin.RefusedException;
import dev.bobbin.testkit.DiskOperation;
import dev.bobbin.testkit.TestBobbin;
import dev.bobbin.testkit.TestDisk;
import java.net.ConnectException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** docs/operating/testing.md: tests of a service. */
@Timeout(60)
class RemindersTest {
  private static final Duration SOON = Duration.ofSeconds(10);

  private final List<String> sent = new CopyOnWriteArrayList<>();

  private void offline(String address) throws ConnectException {
    throw new ConnectException("the mail server is down, cannot send to " + address);
  }

  @Test
  void remindsAfterADay() {
    try (TestBobbin bobbin = TestBobbin.inMemory()) {
      Reminders reminders = new Reminders(bobbin, sent::add);
      reminders.remind("ada@example.org", Duration.ofDays(1));
      bobbin.advance(Duration.ofHours(23));
      bobbin.awaitIdle(SOON);
      assertThat(sent).isEmpty();
      bobbin.advance(Duration.ofHours(1));
      bobbin.awaitIdle(SOON);
      assertThat(sent).containsExactly("ada@example.org");
    }
  }

  @Test
  void givesUpAfterThreeAttempts() {
    try (TestBobbin bobbin = TestBobbin.inMemory()) {
      Reminders reminders = new Reminders(bobbin, this::offline);
      reminders.remind("ada@example.org", Duration.ZERO);
      for (int attempt = 1; attempt <= 3; attempt++) {
        bobbin.awaitIdle(SOON);
        bobbin.advance(Duration.ofHours(1)); // later than any retry
      }
      assertThat(reminders.givenUp()).isEqualTo(1);
    }
  }

  @Test
  void remindsThoughTheMachineDied() {
    TestDisk disk = new TestDisk();
    try (TestBobbin bobbin = TestBobbin.on(disk)) {
      new Reminders(bobbin, sent::add).remind("ada@example.org", Duration.ofDays(1));
      disk.machineDeath(42); // of what was not forced, the seed decides what is left
    }
    try (TestBobbin bobbin = TestBobbin.on(disk)) {
      new Reminders(bobbin, sent::add);
      bobbin.advance(Duration.ofDays(1));
      bobbin.awaitIdle(SOON);
      assertThat(sent).containsExactly("ada@example.org");
    }
  }

  @Test
  void saysSoWhenTheDiskIsBroken() {
    TestDisk disk = new TestDisk();
    try (TestBobbin bobbin = TestBobbin.on(disk)) {
      Reminders reminders = new Reminders(bobbin, sent::add);
      disk.failNext(DiskOperation.FORCE);
      assertThatThrownBy(() -> reminders.remind("ada@example.org", Duration.ofDays(1)))
          .isInstanceOf(RefusedException.class);
      disk.processDeath();
    }
  }
}
