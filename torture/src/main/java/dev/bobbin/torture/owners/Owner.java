package dev.bobbin.torture.owners;

import dev.bobbin.Bobbin;
import dev.bobbin.Codec;
import dev.bobbin.DirectoryInUseException;
import dev.bobbin.JobQueue;
import dev.bobbin.Lease;
import dev.bobbin.Maintenance;
import dev.bobbin.QueueOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * The process that opens directories: it does what it reads, a line each, and answers with a line.
 * Whoever owns a directory says so in the witness, a file elsewhere, from when the opening has
 * returned to before the closing begins.
 */
final class Owner {
  private static final QueueOptions SMALL =
      QueueOptions.defaults().withRingBytes(256 << 10).withSegmentBytes(1 << 20);

  /** Longer than jobs that are there need to come. */
  private static final Duration WAIT = Duration.ofSeconds(60);

  private final Path witness;
  private final List<Process> children = new ArrayList<>();
  private final TreeMap<String, Bobbin> open = new TreeMap<>();
  private final TreeMap<String, JobQueue<String>> queues = new TreeMap<>();

  private Owner(Path witness) {
    this.witness = witness;
  }

  public static void main(String[] args) throws IOException {
    Owner owner = new Owner(Path.of(args[0]));
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      String answer;
      try {
        String[] words = line.split(" ");
        answer = owner.run(words[0], words.length > 1 ? words[1] : "");
      } catch (DirectoryInUseException e) {
        answer = "refused " + e.getMessage();
      } catch (RuntimeException e) {
        answer = "error " + e;
      }
      System.out.println(answer.replace('\n', ' '));
    }
    // Without closing anything: whoever wants that says so.
    Runtime.getRuntime().halt(0);
  }

  private String run(String verb, String where) throws IOException {
    return switch (verb) {
      case "open" -> open(where);
      case "submit" -> submit(where);
      case "ids" -> ids(where);
      case "close" -> close(where);
      case "verify" -> Maintenance.verify(Path.of(where)).isHealthy() ? "healthy" : "damaged";
      case "fork" -> fork();
      default -> throw new IllegalArgumentException(verb);
    };
  }

  private String open(String where) throws IOException {
    Bobbin bobbin = Bobbin.open(Path.of(where));
    JobQueue<String> queue = bobbin.queue("jobs", Codec.text(), SMALL);
    say("begin", where);
    open.put(where, bobbin);
    queues.put(where, queue);
    return "opened " + queue.recovery().unfinished();
  }

  private void say(String what, String where) throws IOException {
    long self = ProcessHandle.current().pid();
    Files.writeString(
        witness,
        what + " " + self + " " + Path.of(where).toRealPath() + "\n",
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }

  private JobQueue<String> queue(String where) {
    JobQueue<String> queue = queues.get(where);
    if (queue == null) {
      throw new IllegalStateException(where + " is not open here");
    }
    return queue;
  }

  private String submit(String where) {
    JobQueue<String> queue = queue(where);
    String id = queue.submit("job").toString();
    queue.sync();
    return id;
  }

  /** The ids of the jobs that are there; they stay. */
  private String ids(String where) {
    List<String> ids = new ArrayList<>();
    List<Lease<String>> leases = new ArrayList<>();
    while (ids.size() < queue(where).status().unfinished()) {
      Lease<String> lease = queue(where).take(4096, WAIT);
      if (lease.isEmpty()) {
        break;
      }
      leases.add(lease);
      lease.forEach(job -> ids.add(job.id().toString()));
    }
    leases.forEach(Lease::close);
    ids.sort(null);
    return String.join(",", ids);
  }

  private String close(String where) throws IOException {
    Bobbin bobbin = open.remove(where);
    queues.remove(where);
    if (bobbin == null) {
      throw new IllegalStateException(where + " is not open here");
    }
    say("end", where);
    bobbin.close();
    return "closed";
  }

  /** Starts a process that outlives this one. */
  private String fork() throws IOException {
    Process child = new ProcessBuilder("sleep", "600").start();
    children.add(child);
    return Long.toString(child.pid());
  }
}
