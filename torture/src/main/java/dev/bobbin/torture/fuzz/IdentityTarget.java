package dev.bobbin.torture.fuzz;

import dev.bobbin.Bobbin;
import dev.bobbin.BobbinException;
import dev.bobbin.StoredQueue;
import dev.bobbin.internal.journal.Storage;
import dev.bobbin.internal.local.Home;
import dev.bobbin.internal.local.LocalBobbin;
import dev.bobbin.internal.time.Time;
import dev.bobbin.torture.corrupt.Overlay;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** The file that says what a queue is. */
public final class IdentityTarget {
  private static final Files FILES = new Files();
  private static final Bobbin BOBBIN = LocalBobbin.in(FILES, Time.system());

  private IdentityTarget() {}

  /** Called by the fuzzer. */
  public static void fuzzerTestOneInput(byte[] data) {
    byte[] file = data.clone();
    if (file.length >= 40 && (file[file.length - 1] & 1) == 0) {
      Seal.identity(file);
    }
    FILES.identity = file;
    try {
      StoredQueue stored = BOBBIN.storedQueue("q").orElseThrow();
      if (stored.ringBytes() != Seal.little(file).getInt(24)
          || stored.segmentBytes() != Seal.little(file).getInt(28)) {
        throw new IllegalStateException(stored + " is not what the file says");
      }
    } catch (BobbinException e) {
      // Refused.
    }
  }

  /** A directory with this one file. */
  private static final class Files implements Home {
    volatile byte[] identity = new byte[0];

    private Storage folder() {
      TreeMap<String, byte[]> files = new TreeMap<>();
      files.put("queue", identity);
      return new Overlay(files);
    }

    @Override
    public Storage create(String name) {
      return folder();
    }

    @Override
    public Optional<Storage> existing(String name) {
      return Optional.of(folder());
    }

    @Override
    public List<String> queueNames() {
      return List.of("q");
    }

    @Override
    public void close() {}
  }
}
