package dev.bobbin.internal.work;

import dev.bobbin.RawHandler;
import dev.bobbin.WorkOptions;
import dev.bobbin.internal.ring.Claim;
import dev.bobbin.internal.ring.Frame;
import dev.bobbin.internal.ring.Reader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** Shows each job's bytes to the handler where they lie. */
public final class RawWorker extends Worker {
  private final RawHandler handler;
  private final RawView view;
  private final Expiry expiry;
  private final List<Unacked> failed = new ArrayList<>();

  private RawWorker(Desk desk, WorkerGroup group, int maxBatch, long origin, RawHandler handler) {
    super(desk, group, maxBatch);
    this.handler = handler;
    this.view = new RawView(origin);
    this.expiry = new Expiry(desk.ledger::nowMillis);
  }

  /** A group of raw workers. */
  public static WorkerGroup of(
      Desk desk, String queue, WorkOptions options, long origin, RawHandler handler) {
    return WorkerGroup.of(
        desk,
        queue,
        options,
        group -> new RawWorker(desk, group, options.maxBatch(), origin, handler));
  }

  @Override
  void handle(Claim batch, Reader reader) {
    ByteBuffer memory = batch.memory();
    int size = batch.size();
    for (int i = 0; i < size; i++) {
      int offset = batch.offset(i);
      try {
        long late = expiry.late(view.moveTo(memory, offset).expiryMillis());
        if (late < 0) {
          handler.handle(view);
        } else {
          failed.add(Expiry.expired(copy(memory, offset), 0, late));
        }
      } catch (Throwable e) {
        failed.add(Unacked.failed(copy(memory, offset), 0, e));
      }
    }
    reader.release();
    finish(batch, failed);
    settle(size, failed);
    failed.clear();
  }

  /**
   * A copy of a frame in the ring: the batch's space goes back before the retry is appended, or it
   * might wait for itself.
   */
  private static byte[] copy(ByteBuffer memory, int offset) {
    byte[] frame = new byte[Frame.aligned(memory.getInt(offset))];
    memory.get(offset, frame);
    return frame;
  }

  @Override
  void handle(Delivery batch) {
    ByteBuffer memory = ByteBuffer.wrap(batch.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < batch.size(); i++) {
      try {
        long late = expiry.late(view.moveTo(memory, batch.offset(i)).expiryMillis());
        if (late < 0) {
          handler.handle(view);
        } else {
          failed.add(Expiry.expired(batch.bytes(), batch.offset(i), late));
        }
      } catch (Throwable e) {
        failed.add(Unacked.failed(batch.bytes(), batch.offset(i), e));
      }
    }
    finish(batch, failed);
    settle(batch.size(), failed);
    failed.clear();
  }
}
