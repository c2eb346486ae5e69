package dev.bobbin.torture.full;

import dev.bobbin.Bobbin;
import dev.bobbin.BobbinException;
import dev.bobbin.Codec;
import dev.bobbin.DeadLetter;
import dev.bobbin.JobOptions;
import dev.bobbin.JobQueue;
import dev.bobbin.Lease;
import dev.bobbin.LeasedJob;
import dev.bobbin.Refusal;
import dev.bobbin.RefusedException;
import dev.bobbin.SubmitResult;
import dev.bobbin.testkit.TestBobbin;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A process with a queue on the disk that gets full. It does what it reads from standard input, a
 * line at a time, and answers each with a line; it ends when standard input does. One thread: each
 * step is over before the next begins, so that the {@link Ledger} says exactly what is owed.
 */
final class FullChild {
  /** Much longer than anything takes. */
  static final Duration LONG = Duration.ofMinutes(2);

  private static final Duration LATER = Duration.ofHours(1);

  /** On a full disk each retry may wait for a flush cycle, and these are slow then. */
  private static final Duration LEASE = Duration.ofDays(1);

  private final Ledger ledger;
  private final long seed;
  private final JobQueue<byte[]> queue;

  private FullChild(Ledger ledger, long seed, JobQueue<byte[]> queue) {
    this.ledger = ledger;
    this.seed = seed;
    this.queue = queue;
  }

  public static void main(String[] args) throws Exception {
    Path data = Path.of(args[0]);
    Ledger ledger = new Ledger(Path.of(args[1]));
    long seed = Long.parseLong(args[2]);
    boolean last = args[3].equals("last");
    Bobbin bobbin;
    JobQueue<byte[]> queue;
    try {
      bobbin = last ? TestBobbin.onDirectory(data) : Bobbin.open(data);
      queue = bobbin.queue("q", Codec.bytes(), FullJobs.options());
    } catch (BobbinException e) {
      say("refused " + e);
      // Without closing: what a failed opening left behind is looked at as it is.
      Runtime.getRuntime().halt(0);
      return;
    }
    say("open " + queue.recovery());
    if (bobbin instanceof TestBobbin test) {
      test.advance(LATER);
    }
    new FullChild(ledger, seed, queue).obey(bobbin);
  }

  private static void say(String line) {
    System.out.println(line.replace('\n', ' '));
    System.out.flush();
  }

  private void obey(Bobbin bobbin) throws IOException {
    BufferedReader input =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = input.readLine(); line != null; line = input.readLine()) {
      String[] words = line.split(" ", -1);
      int count = words.length > 1 ? Integer.parseInt(words[1]) : 0;
      switch (words[0]) {
        case "submit" -> say(submit(count));
        case "resume" -> say(resume());
        case "sync" -> say(sync());
        case "work" -> say(work(count, false, false));
        case "ack" -> say(work(count, true, false));
        case "drain" -> say(work(Integer.MAX_VALUE, true, true));
        case "letters" -> say(letters());
        case "close" -> {
          try {
            bobbin.close();
            say("closed");
          } catch (BobbinException e) {
            say("failed to close: " + e);
          }
          Runtime.getRuntime().halt(0);
        }
        default -> throw new IllegalArgumentException(line);
      }
    }
    Runtime.getRuntime().halt(8);
  }

  /** Submits so many jobs, or as many as there is room for. */
  private String submit(int count) {
    int job = ledger.end();
    for (int i = 0; i < count; i++, job++) {
      ledger.set(job, Ledger.INTENDED);
      try {
        queue.submit(FullJobs.payload(seed, job), JobOptions.delay(FullJobs.delay(seed, job)));
      } catch (RefusedException e) {
        ledger.clear(job, Ledger.INTENDED);
        return "refused " + e.refusal() + " after " + i + ": " + e.detail();
      }
      ledger.set(job, Ledger.ACCEPTED);
    }
    return "submitted " + count;
  }

  /** Asks again and again, as a producer does that was refused, until a job is accepted. */
  private String resume() {
    int job = ledger.end();
    ledger.set(job, Ledger.INTENDED);
    long deadline = System.nanoTime() + LONG.toNanos();
    while (true) {
      SubmitResult result = queue.trySubmit(FullJobs.payload(seed, job));
      if (result.accepted()) {
        ledger.set(job, Ledger.ACCEPTED);
        return "resumed";
      }
      SubmitResult.Refused refused = (SubmitResult.Refused) result;
      boolean passing =
          refused.refusal() == Refusal.DISK_FULL || refused.refusal() == Refusal.BYTE_LIMIT;
      if (!passing || System.nanoTime() - deadline > 0) {
        ledger.clear(job, Ledger.INTENDED);
        return "refused " + refused;
      }
      LockSupport.parkNanos(1_000_000);
    }
  }

  private String sync() {
    int end = ledger.end();
    try {
      queue.sync();
    } catch (RefusedException e) {
      return "refused " + e.refusal() + ": " + e.detail();
    }
    for (int job = 0; job < end; job++) {
      if (ledger.is(job, Ledger.ACCEPTED)) {
        ledger.set(job, Ledger.SYNCED);
      }
    }
    return "synced";
  }

  /**
   * Settles so many deliveries.
   *
   * @param acks whether each is acked; if not, its outcome follows from the seed
   * @param end whether jobs that come late are waited for
   */
  private String work(int count, boolean acks, boolean end) {
    int done = 0;
    while (done < count) {
      if (queue.status().unfinished() == 0) {
        break;
      }
      if (!end && isAllLate()) {
        break;
      }
      try (Lease<byte[]> lease = queue.take(Math.min(50, count - done), LONG, LEASE)) {
        if (lease.isEmpty()) {
          return "fault nothing is handed out though " + queue.status().counts();
        }
        for (LeasedJob<byte[]> job : lease) {
          String fault = settle(job, acks);
          if (fault != null) {
            return "fault " + fault;
          }
          done++;
        }
      } catch (BobbinException e) {
        return "fault work does not go on: " + e;
      }
    }
    return "worked " + done;
  }

  /** Whether nothing is left but the jobs that come at the very end. */
  private boolean isAllLate() {
    var jobs = queue.status().counts();
    return jobs.ready() + jobs.inFlight() == 0 && queue.status().unfinished() <= lateJobs();
  }

  private int lateJobs() {
    int late = 0;
    for (int job = 0; job < ledger.end(); job++) {
      boolean open = ledger.is(job, Ledger.INTENDED) && !ledger.is(job, Ledger.ACKED);
      if (open && FullJobs.delay(seed, job).toMinutes() > 0) {
        late++;
      }
    }
    return late;
  }

  /** What is wrong, or null. */
  private @Nullable String settle(LeasedJob<byte[]> delivered, boolean acks) {
    int job = FullJobs.number(seed, delivered.payload());
    if (job < 0 || !ledger.is(job, Ledger.INTENDED)) {
      return "delivered " + delivered.payload().length + " bytes that were never submitted";
    }
    if (ledger.is(job, Ledger.DEAD)) {
      return "job " + job + " was delivered, but it is a dead letter";
    }
    FullJobs.Outcome outcome =
        acks ? FullJobs.Outcome.ACK : FullJobs.outcome(seed, job, delivered.attempt());
    boolean settled =
        switch (outcome) {
          case ACK -> {
            ledger.set(job, Ledger.ACKING);
            yield delivered.ack();
          }
          case RETRY -> {
            if (delivered.attempt() >= FullJobs.ATTEMPTS) {
              ledger.set(job, Ledger.DYING);
            }
            yield delivered.retry("job " + job);
          }
          case SNOOZE -> delivered.snooze(Duration.ofMillis(job & 15));
          case REJECT -> {
            ledger.set(job, Ledger.DYING);
            yield delivered.reject("job " + job);
          }
        };
    if (!settled) {
      return outcome + " of job " + job + " came to nothing";
    }
    if (outcome == FullJobs.Outcome.ACK) {
      ledger.set(job, Ledger.ACKED);
    } else if (ledger.is(job, Ledger.DYING)) {
      ledger.set(job, Ledger.DEAD);
    }
    return null;
  }

  private String letters() {
    String[] fault = {""};
    queue.deadLetters().forEach(letter -> fault[0] += check(letter));
    return fault[0].isEmpty() ? "letters " + queue.deadLetters().count() : "fault" + fault[0];
  }

  private String check(DeadLetter letter) {
    int job = FullJobs.number(seed, letter.payload());
    if (job < 0 || !ledger.is(job, Ledger.DYING)) {
      return " a dead letter that nobody made: " + letter.reason();
    }
    if (ledger.is(job, Ledger.LETTER)) {
      return " two dead letters of job " + job;
    }
    ledger.set(job, Ledger.LETTER);
    // Where there is no room for it a reason is left out; the letter never is.
    boolean own = letter.reason().isEmpty() || letter.reason().contains("job " + job);
    return own ? "" : " another's reason: " + letter.reason();
  }
}
