package dev.bobbin.internal.move;

/** Where jobs arrive. For one thread. */
public interface Arrival extends AutoCloseable {
  /** Takes a job or a dead letter, with its id, waiting for room if it must. */
  void add(MovedJob job);

  /** On return everything that was added survives the death of the machine. */
  void sync();

  @Override
  void close();
}
