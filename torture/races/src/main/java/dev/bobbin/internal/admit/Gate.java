package dev.bobbin.internal.admit;

import dev.bobbin.Limits;
import dev.bobbin.QueueOptions;
import dev.bobbin.Refusal;
import dev.bobbin.RefusedException;
import dev.bobbin.internal.admit.Admission.Way;
import dev.bobbin.internal.ring.FrameWriter;
import dev.bobbin.internal.ring.Scene;
import org.jspecify.annotations.Nullable;

/** An admission to the ring of a scene, and what can be asked of it. */
final class Gate {
  static final QueueOptions ONE_JOB =
      QueueOptions.defaults().withLimits(Limits.DEFAULT.withJobs(1));
  static final QueueOptions LEAST_BYTES =
      QueueOptions.defaults().withLimits(Limits.DEFAULT.withBytes(64 << 10));

  private static final byte[] PAYLOAD = new byte[20];

  private Gate() {}

  static Admission of(Scene scene, QueueOptions options) {
    return new Admission(
        scene.ring,
        scene.window,
        options,
        new Admission.FlushCycles() {
          @Override
          public void hurry() {}

          @Override
          public void goOn() {}
        });
  }

  /** Why the job was refused, or null if it was admitted. */
  static @Nullable Refusal admit(Admission admission, FrameWriter writer, long waitNanos) {
    writer.ready(PAYLOAD, 0);
    try {
      admission.admit(writer, Way.READY, waitNanos);
      return null;
    } catch (RefusedException e) {
      return e.refusal();
    }
  }

  static KeyedAdmission.Admitted admit(KeyedAdmission keyed, FrameWriter writer) {
    writer.ready(PAYLOAD, 0);
    return keyed.admit("key", writer, Way.READY, Scene.TOO_LONG_NANOS);
  }

  /** How many jobs are in the ring; takes them. */
  static int jobs(Scene scene) {
    int jobs = 0;
    while (scene.ring.claim(scene.reader, scene.claim, Scene.CAPACITY)) {
      jobs += scene.claim.size();
      scene.reader.release();
      scene.claim.forEachRange(scene.window::finish);
    }
    return jobs;
  }
}
