package dev.bobbin;

import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random operations on a queue and on a plain {@link Model}, restarts and crashes included. By
 * hand: {@code -Dbobbin.seed=N -Dbobbin.steps=N}.
 */
@Timeout(value = 600, threadMode = ThreadMode.SEPARATE_THREAD)
class ModelTest {
  @TempDir Path temp;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void agreesWithTheModelOnADirectory(long seed) throws Exception {
    new ModelRun(seed, temp).go();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void agreesWithTheModelInMemory(long seed) throws Exception {
    new ModelRun(seed, null).go();
  }

  @Test
  void agreesWithTheModelOnAFreshSeed() throws Exception {
    long seed = Long.getLong("bobbin.seed", new Random().nextLong());
    new ModelRun(seed, temp).go();
    new ModelRun(seed, null).go();
  }
}
