package dev.bobbin.cli.doctor;

import dev.bobbin.BobbinException;
import dev.bobbin.DirectoryInUseException;
import dev.bobbin.cli.store.Holder;
import dev.bobbin.cli.store.Store;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * Who holds the directory, and, if nobody does, whether its queues' descriptions can be read. The
 * lock is held for that moment only.
 *
 * @param holder the process that holds it
 * @param findings what there is to say
 */
record Queues(OptionalLong holder, List<Finding> findings) {
  private static final String MARKER = "bobbin";

  /**
   * Looks at the directory.
   *
   * @throws BobbinException if there is no such directory, or it is not Bobbin's
   */
  static Queues look(Path dir) {
    try (Store store = Store.open(dir)) {
      return new Queues(
          OptionalLong.empty(), List.of(Finding.ok("holder", "no process"), descriptions(store)));
    } catch (DirectoryInUseException e) {
      return new Queues(
          e.holder(),
          List.of(
              held(e),
              Finding.ok("queues", "not looked at: that needs the lock, which a process holds")));
    } catch (BobbinException e) {
      if (!Files.exists(dir.resolve(MARKER))) {
        throw e;
      }
      return new Queues(
          OptionalLong.empty(),
          List.of(
              Finding.fail(
                  "holder",
                  "the directory cannot be opened: " + e.getMessage(),
                  "see the other findings")));
    }
  }

  private static Finding held(DirectoryInUseException e) {
    Finding held = Finding.ok("holder", Holder.describe(e));
    return e.holder().isPresent() ? held.with("holderPid", e.holder().getAsLong()) : held;
  }

  private static Finding descriptions(Store store) {
    List<String> names = store.names();
    List<String> damaged = new ArrayList<>();
    for (String name : names) {
      try {
        store.stored(name);
      } catch (BobbinException e) {
        damaged.add(String.valueOf(e.getMessage()));
      }
    }
    Finding finding =
        damaged.isEmpty()
            ? Finding.ok("queues", names.isEmpty() ? "none" : String.join(", ", names))
            : Finding.fail(
                "queues",
                damaged.size() + " of " + names.size() + " cannot be read: " + damaged.get(0),
                "restore the directory from a backup");
    return finding.with("queues", names);
  }
}
