package dev.bobbin.internal.local;

/**
 * A daemon thread of the queues' own, which touches files and takes no notice of interrupts: one
 * would close the file that is just being read or written, and stop the queue. Whoever interrupts
 * all threads of a group, as some launchers and containers do at their end, means others.
 */
final class OwnThread extends Thread {
  OwnThread(Runnable work, String name) {
    super(work, name);
    setDaemon(true);
  }

  @Override
  public void interrupt() {
    // Its owner ends it with a flag and an unpark.
  }
}
