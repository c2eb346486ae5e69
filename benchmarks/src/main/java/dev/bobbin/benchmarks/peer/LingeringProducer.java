package dev.bobbin.benchmarks.peer;

import dev.bobbin.benchmarks.transport.Producer;

/** Sends each job at once, and awaits that those of a {@link Linger} are confirmed together. */
final class LingeringProducer implements Producer {
  /** Returns when so many jobs, all that were sent since the last time, are accepted. */
  interface Confirmation {
    void await(int jobs) throws Exception;
  }

  private final Producer sender;
  private final Confirmation confirmation;
  private final Linger linger = new Linger();

  LingeringProducer(Producer sender, Confirmation confirmation) {
    this.sender = sender;
    this.confirmation = confirmation;
  }

  @Override
  public void send(byte[] payload) throws Exception {
    sender.send(payload);
    if (linger.add()) {
      flush();
    }
  }

  @Override
  public void flush() throws Exception {
    linger.flush(() -> confirmation.await(linger.count()));
  }
}
