package dev.bobbin.internal.local;

import dev.bobbin.internal.journal.FileStorage;
import dev.bobbin.internal.journal.Storage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Queues in a directory.
 *
 * @param storages the storage for each queue's folder
 */
record DirectoryHome(Root root, Function<Path, Storage> storages) implements Home {
  DirectoryHome(Root root) {
    this(root, FileStorage::new);
  }

  @Override
  public Storage create(String name) throws IOException {
    return storages.apply(root.createQueueFolder(name));
  }

  @Override
  public Optional<Storage> existing(String name) throws IOException {
    Path folder = root.existingQueueFolder(name, false);
    return QueueFiles.in(folder) ? Optional.of(storages.apply(folder)) : Optional.empty();
  }

  @Override
  public List<String> queueNames() throws IOException {
    return root.queueNames();
  }

  @Override
  public void close() {
    root.close();
  }
}
