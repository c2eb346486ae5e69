package dev.bobbin.torture.soak;

import dev.bobbin.torture.Jvm;
import dev.bobbin.torture.Report;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** Runs the children one after another, and hears what they tell. */
final class Processes {
  private static final long PATIENCE_SECONDS = 300;
  private static final int KILLED = 128 + 9;

  /** The heap is touched in advance: what grows then is no longer heap that was not yet used. */
  private static final List<String> OPTIONS =
      List.of(
          "-Xms64m", "-Xmx64m", "-XX:+AlwaysPreTouch", "-XX:-UseDynamicNumberOfCompilerThreads");

  private final Setup setup;
  private final Report report;
  private final Ledger ledger;
  private final Samples samples;
  private final SegmentWatch watch;
  private final long began = System.nanoTime();
  private int number;

  /**
   * What is the same for all processes.
   *
   * @param rate jobs per second and queue
   */
  record Setup(Path directory, long seed, int rate, long sampleMillis) {}

  Processes(Setup setup, Report report, Ledger ledger, Samples samples, SegmentWatch watch) {
    this.setup = setup;
    this.report = report;
    this.ledger = ledger;
    this.samples = samples;
    this.watch = watch;
  }

  /** One process that works for so long, and opens its queues anew every so often. */
  void run(long lifeMillis, long reopenMillis, boolean kill) throws Exception {
    live(orders(reopenMillis, false, !kill), lifeMillis, kill);
    report.count(kill ? "kills" : "closes");
  }

  /** A last one that finishes everything. */
  void drain() throws Exception {
    live(orders(0, true, false), 0, false);
  }

  private SoakChild.Orders orders(long reopenMillis, boolean drain, boolean bounded) {
    return new SoakChild.Orders(
        setup.directory,
        setup.seed,
        ++number,
        setup.rate,
        reopenMillis,
        setup.sampleMillis,
        drain,
        bounded);
  }

  private void live(SoakChild.Orders orders, long lifeMillis, boolean kill) throws Exception {
    Path errors = Files.createTempFile("bobbin-soak", ".err");
    Process child =
        new ProcessBuilder(Jvm.command(OPTIONS, SoakChild.class, orders.toArgs()))
            .redirectError(errors.toFile())
            .start();
    CountDownLatch opened = new CountDownLatch(1);
    AtomicBoolean hung = new AtomicBoolean();
    Thread reaper = new Thread(() -> reap(child, opened, lifeMillis, kill, hung), "soak-reaper");
    reaper.setDaemon(true);
    reaper.start();
    try (InputStream pipe = new BufferedInputStream(child.getInputStream(), 1 << 16)) {
      hear(pipe, opened);
      if (!report.isClean()) {
        // What it would do from here on says no more.
        kill(child);
      }
    } finally {
      opened.countDown();
    }
    int exit = child.waitFor();
    reaper.join();
    if (hung.get()) {
      report.fault("process " + number + " did not end within " + PATIENCE_SECONDS + " s");
    } else if (exit != 0 && !(kill && exit == KILLED) && report.isClean()) {
      report.fault("process " + number + " ended with " + exit + ": " + Files.readString(errors));
    }
    ledger.ended(exit != 0);
    Files.delete(errors);
  }

  private void hear(InputStream pipe, CountDownLatch opened) throws IOException {
    for (Event event = Event.read(pipe);
        event != null && report.isClean();
        event = Event.read(pipe)) {
      switch (event.kind()) {
        case OPEN -> {
          report.count("opened");
          opened.countDown();
        }
        case SAMPLE -> sample(event);
        default -> ledger.add(event);
      }
    }
  }

  private void sample(Event event) throws IOException {
    samples.add(
        new Samples.Sample(
            (System.nanoTime() - began) / 1e9,
            number,
            event.key(),
            event.id(),
            event.attempt(),
            event.crc(),
            event.size(),
            watch.look(setup.directory)));
  }

  /** Ends the child when its time is over, one way or the other. */
  private static void reap(
      Process child, CountDownLatch opened, long lifeMillis, boolean kill, AtomicBoolean hung) {
    try {
      if (!opened.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        hung.set(true);
        kill(child);
      }
      if (child.waitFor(lifeMillis, TimeUnit.MILLISECONDS)) {
        return;
      }
      if (kill) {
        kill(child);
      } else {
        tellToEnd(child);
        if (!child.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
          hung.set(true);
          kill(child);
        }
      }
    } catch (InterruptedException e) {
      kill(child);
    }
  }

  /** By its handle: the process itself would close the pipe, with what is still in it. */
  private static void kill(Process child) {
    child.toHandle().destroyForcibly();
  }

  private static void tellToEnd(Process child) {
    try {
      child.getOutputStream().write('\n');
      child.getOutputStream().flush();
    } catch (IOException e) {
      // It has ended by itself; its exit code says how.
    }
  }
}
