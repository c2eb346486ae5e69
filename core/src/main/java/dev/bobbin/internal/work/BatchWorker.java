package dev.bobbin.internal.work;

import dev.bobbin.BatchHandler;
import dev.bobbin.Codec;
import dev.bobbin.JobHandler;
import dev.bobbin.WorkOptions;
import dev.bobbin.internal.ring.Claim;
import dev.bobbin.internal.ring.Reader;
import java.util.List;

/**
 * Copies a batch out of the ring, gives its space back, and hands the decoded payloads to the
 * handler.
 */
public final class BatchWorker<T> extends Worker {
  private final BatchHandler<T> handler;
  private final JobBatch<T> view;
  private final BatchSizer sizer;
  private final Delivery copy = new Delivery(64 << 10, 256);

  private BatchWorker(
      Desk desk,
      WorkerGroup group,
      int maxBatch,
      long origin,
      Codec<T> codec,
      BatchHandler<T> handler,
      BatchSizer sizer) {
    super(desk, group, maxBatch);
    this.handler = handler;
    this.view = new JobBatch<>(origin, codec, new Expiry(desk.ledger::nowMillis));
    this.sizer = sizer;
  }

  /** Workers for a batch handler: each takes as much as there is, up to its batch size. */
  public static <T> WorkerGroup batches(
      Desk desk,
      String queue,
      WorkOptions options,
      long origin,
      Codec<T> codec,
      BatchHandler<T> handler) {
    return WorkerGroup.of(
        desk,
        queue,
        options,
        group ->
            new BatchWorker<>(
                desk,
                group,
                options.maxBatch(),
                origin,
                codec,
                handler,
                BatchSizer.fixed(options.maxBatch())));
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
    BatchHandler<T> oneByOne =
        batch -> {
          for (int i = 0; i < batch.size(); i++) {
            try {
              handler.handle(batch.payload(i));
            } catch (Throwable e) {
              batch.job(i).retry(Unacked.describe(e));
            }
          }
        };
    return WorkerGroup.of(
        desk,
        queue,
        options,
        group ->
            new BatchWorker<>(
                desk,
                group,
                options.maxBatch(),
                origin,
                codec,
                oneByOne,
                BatchSizer.byTime(options.maxBatch())));
  }

  @Override
  int batchSize() {
    return sizer.next();
  }

  @Override
  void handle(Claim batch, Reader reader) {
    copy.copy(batch);
    reader.release();
    List<Unacked> unacked = handled(copy);
    finish(batch, unacked);
    settle(copy.size(), unacked);
  }

  @Override
  void handle(Delivery batch) {
    List<Unacked> unacked = handled(batch);
    finish(batch, unacked);
    settle(batch.size(), unacked);
  }

  private List<Unacked> handled(Delivery batch) {
    view.load(batch);
    if (view.size() > 0) {
      sizer.begin();
      try {
        handler.handle(view);
      } catch (Throwable e) {
        view.failRest(e);
      }
      sizer.end(view.size());
    }
    return view.unacked();
  }
}
