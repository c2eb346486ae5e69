package dev.bobbin.torture.soak;

import dev.bobbin.torture.soak.Event.Kind;
import dev.bobbin.torture.soak.Event.Wrong;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.atomic.AtomicInteger;

/** The child's end of the pipe: standard output. Thread-safe; an event is out when it returns. */
final class Pipe {
  private final FileOutputStream out = new FileOutputStream(FileDescriptor.out);
  private final AtomicInteger threads = new AtomicInteger();
  private final ThreadLocal<Integer> thread = ThreadLocal.withInitial(threads::getAndIncrement);

  private synchronized void send(Event event) {
    try {
      out.write(event.toBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void job(Kind kind, long key, long id) {
    send(new Event(kind, Outcome.ACK, 0, key, id, 0, 0, thread.get()));
  }

  void bytes(
      Kind kind, Outcome outcome, int attempt, long key, long id, byte[] payload, int length) {
    int crc = Load.crc(payload, length);
    send(new Event(kind, outcome, attempt, key, id, crc, length, thread.get()));
  }

  void undone(long key, Outcome outcome) {
    send(new Event(Kind.UNDONE, outcome, 0, key, 0, 0, 0, thread.get()));
  }

  void open(int times) {
    send(new Event(Kind.OPEN, Outcome.ACK, 0, 0, 0, 0, times, thread.get()));
  }

  void mark(int queue) {
    send(new Event(Kind.MARK, Outcome.ACK, 0, queue, 0, 0, 0, thread.get()));
  }

  void flushed(int queue) {
    send(new Event(Kind.FLUSHED, Outcome.ACK, 0, queue, 0, 0, 0, thread.get()));
  }

  void discarded(int queue, long letters) {
    send(
        new Event(
            Kind.DISCARDED, Outcome.ACK, 0, queue, 0, 0, Math.toIntExact(letters), thread.get()));
  }

  void sample(long heap, long rss, int alive, int descriptors, int segments) {
    send(
        new Event(Kind.SAMPLE, Outcome.ACK, alive, heap, rss, descriptors, segments, thread.get()));
  }

  @SuppressWarnings("EnumOrdinal") // both ends of the pipe are of one build
  void wrong(Wrong what, long key) {
    send(new Event(Kind.FAULT, Outcome.ACK, 0, key, 0, 0, what.ordinal(), thread.get()));
  }
}
