package dev.bobbin.internal.admit;

import dev.bobbin.internal.admit.Admission.Way;
import dev.bobbin.internal.ring.FrameWriter;
import dev.bobbin.internal.ring.Ring;
import dev.bobbin.internal.ring.Scene;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;

/**
 * The limit on bytes, as jobs outside the ring come and go: what is left for the ring is exact at
 * any time.
 */
@Param(name = "kib", gen = IntGen.class, conf = "0:30")
public class BytesOutside {
  /** Of a frame. */
  static final int BYTES = 1 << 10;

  static final int LIMIT_KIB = 64;
  static final int BEGINS_WITH_KIB = 40;

  /** The quarter of the ring that producers do not get. */
  static final int RING_KIB = 12;

  private final Admission admission = Gate.of(new Scene.Pool(false).borrow(), Gate.LEAST_BYTES);

  public BytesOutside() {
    admission.outside(BEGINS_WITH_KIB << 10);
  }

  @Operation
  public void come(@Param(name = "kib") int kib) {
    admission.outside((long) kib << 10);
  }

  @Operation
  public void go(@Param(name = "kib") int kib) {
    admission.outside(-((long) kib << 10));
  }

  @Operation
  public boolean admit() {
    FrameWriter writer = new FrameWriter();
    writer.ready(new byte[BYTES - 40], 0);
    return admission.tryAdmit(writer, Way.READY) != Ring.NO_ROOM;
  }

  /** What it is to be: a sum. */
  public static class Sequential {
    private int outside = BEGINS_WITH_KIB;
    private int inside;

    public void come(int kib) {
      outside += kib;
    }

    public void go(int kib) {
      outside -= kib;
    }

    public boolean admit() {
      int room = Math.min(RING_KIB, LIMIT_KIB - Math.max(0, outside));
      // A word stays free behind the last frame.
      if (inside + 1 >= room) {
        return false;
      }
      inside++;
      return true;
    }
  }
}
