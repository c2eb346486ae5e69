package dev.bobbin.internal.work;

import dev.bobbin.BatchHandler;
import dev.bobbin.Codec;
import dev.bobbin.JobHandler;
import dev.bobbin.WorkOptions;

/**
 * Copies a batch out of the ring, gives its space back, and hands the decoded payloads to the
 * handler.
 */
public final class BatchWorker<T> extends Worker {
  private static final int COPY_BYTES = 64 << 10;
  private static final int COPY_JOBS = 256;

  private final Codec<T> codec;
  private final long origin;
  private final HandlerCalls<T> calls;
  private final BatchSizer sizer;
  private JobBatch<T> view;
  private Delivery copy = new Delivery(COPY_BYTES, COPY_JOBS);

  /** What the view shows. Published by the hold to whoever takes the batch away. */
  private Delivery batch = copy;

  private BatchWorker(
      WorkerGroup group, long origin, Codec<T> codec, HandlerCalls<T> calls, BatchSizer sizer) {
    super(group);
    this.origin = origin;
    this.codec = codec;
    this.calls = calls;
    this.sizer = sizer;
    this.view = newView();
  }

  private JobBatch<T> newView() {
    return new JobBatch<>(origin, codec, new Expiry(desk.ledger::nowMillis), hold, COPY_JOBS);
  }

  /** Workers for a batch handler: each takes as much as there is, up to its batch size. */
  public static <T> WorkerGroup batches(
      Desk desk,
      String queue,
      WorkOptions options,
      long origin,
      Codec<T> codec,
      BatchHandler<T> handler) {
    HandlerCalls<T> calls = HandlerCalls.whole(handler);
    return WorkerGroup.of(
        desk,
        queue,
        options,
        handler.getClass(),
        group ->
            new BatchWorker<>(group, origin, codec, calls, BatchSizer.fixed(options.maxBatch())));
  }

  /**
   * Workers for a per-job handler: batches are kept short in time, so that no worker hoards slow
   * jobs.
   */
  public static <T> WorkerGroup oneByOne(
      Desk desk,
      String queue,
      WorkOptions options,
      long origin,
      Codec<T> codec,
      JobHandler<? super T> handler) {
    HandlerCalls<T> calls = HandlerCalls.oneByOne(handler);
    return WorkerGroup.of(
        desk,
        queue,
        options,
        handler.getClass(),
        group ->
            new BatchWorker<>(group, origin, codec, calls, BatchSizer.byTime(options.maxBatch())));
  }

  @Override
  int batchSize() {
    return sizer.next();
  }

  @Override
  void handle(Taker taker) {
    Delivery loaded = taker.loaded();
    if (loaded == null) {
      copy.copy(taker.claim());
      taker.release();
    }
    batch = loaded == null ? copy : loaded;
    begin();
    view.load(batch);
    hold.loaded();
    if (view.size() > 0) {
      long began = System.nanoTime();
      calls.call(view, hold, guard);
      long nanos = System.nanoTime() - began;
      sizer.end(view.size(), nanos);
      handled(view.size(), nanos);
    }
    if (end()) {
      settle(view.unacked(hold.progress()));
    } else {
      renewBuffers();
    }
  }

  @Override
  TakeBack takenFrom(Taker taker, int progress) {
    TakeBack back = new TakeBack(desk, batch.bytes(), batch.size());
    if (progress == Hold.NOT_LOADED) {
      back.openAll(batch);
    } else {
      view.fates(progress, back);
    }
    return back;
  }

  @Override
  void renewBuffers() {
    view.retire();
    copy = new Delivery(COPY_BYTES, COPY_JOBS);
    view = newView();
  }
}
