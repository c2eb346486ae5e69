package dev.bobbin.internal.ring;

import java.util.concurrent.locks.ReentrantLock;

/**
 * A lock that is held for a microsecond or two. To be put to sleep and woken takes ten times as
 * long, so whoever finds it taken looks a few times more before it sleeps. Not fair, as a {@link
 * ReentrantLock} is by default.
 */
@SuppressWarnings("serial") // never written anywhere
final class BriefLock extends ReentrantLock {
  /** Two or three microseconds: on a busy machine the holder may have no processor. */
  private static final int PAUSES = 100;

  @Override
  public void lock() {
    for (int i = 0; i < PAUSES; i++) {
      if (tryLock()) {
        return;
      }
      Thread.onSpinWait();
    }
    super.lock();
  }
}
