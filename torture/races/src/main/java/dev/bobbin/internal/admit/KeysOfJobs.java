package dev.bobbin.internal.admit;

import dev.bobbin.Deduplication;
import dev.bobbin.QueueOptions;
import dev.bobbin.internal.admit.Admission.Way;
import dev.bobbin.internal.ring.FrameWriter;
import dev.bobbin.internal.ring.Scene;
import dev.bobbin.internal.time.Time;
import java.util.HashMap;
import java.util.Map;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;

/** Jobs with keys: the first of a key is added, and all others are told its number. */
@Param(name = "key", gen = IntGen.class, conf = "0:2")
public class KeysOfJobs {
  private static final Time STILL =
      new Time() {
        @Override
        public long wallMillis() {
          return 0;
        }

        @Override
        public long nanos() {
          return 0;
        }
      };

  private final KeyedAdmission keyed =
      new KeyedAdmission(
          Gate.of(new Scene.Pool(false).borrow(), QueueOptions.defaults()),
          Deduplication.DEFAULT,
          STILL);

  @Operation
  public String submit(@Param(name = "key") int key) {
    FrameWriter writer = new FrameWriter();
    writer.ready(new byte[24], 0);
    KeyedAdmission.Admitted admitted = keyed.admit("key " + key, writer, Way.READY, 0);
    return (admitted.duplicate() ? "as " : "new ")
        + (admitted.number() - Scene.CAPACITY) / writer.alignedLength();
  }

  /** What it is to be: a map. */
  public static class Sequential {
    private final Map<Integer, Integer> numbers = new HashMap<>();

    public String submit(int key) {
      Integer known = numbers.get(key);
      if (known != null) {
        return "as " + known;
      }
      numbers.put(key, numbers.size());
      return "new " + numbers.get(key);
    }
  }
}
