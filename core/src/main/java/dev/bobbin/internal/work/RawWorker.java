package dev.bobbin.internal.work;

import dev.bobbin.RawHandler;
import dev.bobbin.WorkOptions;
import dev.bobbin.internal.ring.Claim;
import dev.bobbin.internal.ring.Frame;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Shows each job's bytes to the handler where they lie. The batch's space in the ring is held until
 * the handler has returned from its last job, also when the batch was taken away from it.
 */
public final class RawWorker extends Worker {
  private final RawHandler handler;
  private final RawView view;
  private final Expiry expiry;
  private final List<Unacked> unacked = new ArrayList<>();

  /** What became of the batch's jobs that failed, by index. */
  private @Nullable Unacked[] failed;

  private boolean anyFailed;

  private RawWorker(WorkerGroup group, long origin, RawHandler handler) {
    super(group);
    this.handler = handler;
    this.view = new RawView(origin);
    this.expiry = new Expiry(desk.ledger::nowMillis);
    this.failed = new Unacked[group.options().maxBatch()];
  }

  /** A group of raw workers. */
  public static WorkerGroup of(
      Desk desk, String queue, WorkOptions options, long origin, RawHandler handler) {
    return WorkerGroup.of(
        desk, queue, options, handler.getClass(), group -> new RawWorker(group, origin, handler));
  }

  @Override
  void handle(Taker taker) {
    begin();
    hold.loaded();
    Delivery loaded = taker.loaded();
    // Before the call: afterwards the batch may be somebody else's.
    int size = taker.size();
    long began = System.nanoTime();
    if (loaded == null) {
      call(taker.claim());
    } else {
      call(loaded);
    }
    handled(size, System.nanoTime() - began);
    if (end()) {
      collect(taker);
      // The space goes back before a retry is appended, or it might wait for itself.
      taker.release();
      settle(unacked);
    } else {
      taker.release();
    }
    renewBuffers();
  }

  private void call(Claim batch) {
    if (guard == null && batch.isPlain()) {
      callPlain(batch);
      return;
    }
    ByteBuffer memory = batch.memory();
    int size = batch.size();
    for (int i = 0; i < size && !hold.isUrgent(); i++) {
      if (!call(memory, batch.offset(i), i)) {
        break;
      }
    }
  }

  /** The same for most batches: without time-outs, notes and extras a job costs a third less. */
  private void callPlain(Claim batch) {
    ByteBuffer memory = batch.memory();
    int size = batch.size();
    for (int i = 0; i < size && !hold.isUrgent(); i++) {
      int offset = batch.offset(i);
      try {
        handler.handle(view.moveToPlain(memory, offset));
      } catch (Throwable e) {
        if (!failed(memory, offset, i, Unacked.describe(e))) {
          break;
        }
      }
      Thread.interrupted();
      hold.progress(i + 1);
    }
  }

  private void call(Delivery batch) {
    ByteBuffer memory = ByteBuffer.wrap(batch.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < batch.size() && !hold.isUrgent(); i++) {
      if (!call(memory, batch.offset(i), i)) {
        break;
      }
    }
  }

  /** Has one job handled; false if the queue closes and the job stays as it is. */
  private boolean call(ByteBuffer memory, int offset, int index) {
    try {
      long late = expiry.late(view.moveTo(memory, offset).expiryMillis());
      if (late < 0) {
        HandlerCalls.begin(guard);
        handler.handle(view);
        HandlerCalls.end(guard);
      } else {
        fail(index, Expiry.expired(frame(memory, offset), 0, late));
      }
    } catch (Throwable e) {
      if (!failed(memory, offset, index, HandlerCalls.error(guard, e))) {
        return false;
      }
    }
    Thread.interrupted();
    hold.progress(index + 1);
    return true;
  }

  /** The handler threw; false if that is because the queue closes. */
  private boolean failed(ByteBuffer memory, int offset, int index, String error) {
    if (hold.isShutDown()) {
      return false;
    }
    fail(index, Unacked.failed(frame(memory, offset), 0, error));
    return true;
  }

  private void fail(int index, Unacked job) {
    anyFailed = true;
    failed[index] = job;
    // Whoever takes the batch away and sees this job done, sees what became of it.
    VarHandle.releaseFence();
  }

  private static byte[] frame(ByteBuffer memory, int offset) {
    byte[] frame = new byte[Frame.aligned(memory.getInt(offset))];
    memory.get(offset, frame);
    return frame;
  }

  /** Puts the jobs that are not acked together, in order of position. */
  private void collect(Taker taker) {
    int progress = hold.progress();
    for (int i = 0; i < progress && anyFailed; i++) {
      Unacked job = failed[i];
      if (job != null) {
        unacked.add(job);
      }
    }
    Delivery loaded = taker.loaded();
    for (int i = progress; i < taker.size(); i++) {
      unacked.add(
          loaded == null
              ? Unacked.keep(frame(taker.claim().memory(), taker.claim().offset(i)), 0)
              : Unacked.keep(loaded.bytes(), loaded.offset(i)));
    }
  }

  @Override
  TakeBack takenFrom(Taker taker, int progress) {
    Delivery batch = taker.loaded();
    if (batch == null) {
      batch = new Delivery(0, 0);
      batch.copy(taker.claim());
    }
    TakeBack back = new TakeBack(desk, batch.bytes(), batch.size());
    for (int i = 0; i < batch.size(); i++) {
      Unacked job = i < progress ? failed[i] : null;
      if (job != null) {
        back.failed(
            new Unacked(batch.bytes(), batch.offset(i), job.kind(), job.delayNanos(), job.text()));
      } else if (i < progress) {
        back.acked(batch.offset(i));
      } else {
        back.open(batch.offset(i));
      }
    }
    return back;
  }

  @Override
  void renewBuffers() {
    unacked.clear();
    if (anyFailed) {
      failed = new Unacked[failed.length];
      anyFailed = false;
    }
  }
}
