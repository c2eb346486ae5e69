package dev.bobbin.internal.move;

import java.util.List;

/** Where jobs leave from. For one thread. */
public interface Departure extends AutoCloseable {
  /** Jobs and dead letters that there are, about. */
  long size();

  /**
   * Some that have not been shown, jobs first and dead letters last; empty when there are no more.
   * What is not {@linkplain #gone gone} stays as it is.
   */
  List<MovedJob> next();

  /** Those that {@link #next} showed last are safe elsewhere: they are here no longer. */
  void gone();

  @Override
  void close();
}
