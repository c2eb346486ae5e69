package dev.bobbin.testkit;

import dev.bobbin.Bobbin;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** The contract on a directory. */
class DirectoryContractTest extends BobbinContract {
  @TempDir Path directory;

  @Override
  protected Bobbin open() {
    return Bobbin.open(directory);
  }
}
