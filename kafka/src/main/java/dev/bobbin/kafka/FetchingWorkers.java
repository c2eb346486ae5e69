package dev.bobbin.kafka;

import dev.bobbin.StuckWorker;
import dev.bobbin.Workers;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** A group of workers that wants jobs until it is told to stop, though it may end much later. */
final class FetchingWorkers implements Workers {
  private final Workers workers;
  private final Fetchers fetchers;
  private final AtomicBoolean stopped = new AtomicBoolean();

  /** Has jobs fetched for {@code workers}. */
  FetchingWorkers(Workers workers, Fetchers fetchers) {
    this.workers = workers;
    this.fetchers = fetchers;
    fetchers.group(1);
  }

  @Override
  public int size() {
    return workers.size();
  }

  @Override
  public List<StuckWorker> stuck() {
    return workers.stuck();
  }

  @Override
  public void stop() {
    noMore();
    workers.stop();
  }

  @Override
  public void close() {
    noMore();
    workers.close();
  }

  private void noMore() {
    if (stopped.compareAndSet(false, true)) {
      fetchers.group(-1);
    }
  }
}
