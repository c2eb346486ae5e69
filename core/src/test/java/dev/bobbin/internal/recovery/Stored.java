package dev.bobbin.internal.recovery;

import dev.bobbin.QueueOptions;
import dev.bobbin.internal.Crash;
import dev.bobbin.internal.ring.Frame;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The unfinished delayed jobs of a directory, read with recovery's own parts. */
record Stored(long id, int attempt, long dueMillis) {

  static List<Stored> in(Path directory, QueueOptions options) {
    try {
      long queue =
          ByteBuffer.wrap(Crash.read(Crash.folder(directory).resolve("queue")))
              .order(ByteOrder.LITTLE_ENDIAN)
              .getLong(32);
      var reader =
          new dev.bobbin.internal.journal.JournalReader(
              new dev.bobbin.internal.journal.FileStorage(Crash.folder(directory)),
              queue,
              options.segmentBytes(),
              0,
              new FrameBodies(queue),
              ByteBuffer::allocateDirect);
      List<Stored> stored = new ArrayList<>();
      try (var journal = reader.open(0).journal()) {
        for (var extent : journal.extents().all()) {
          FrameBodies.forEachLive(
              journal.readBody(extent),
              journal.extents().finishedIn(extent),
              (bytes, offset, position) -> {
                if (Frame.kind(bytes, offset) == Frame.DELAYED) {
                  stored.add(
                      new Stored(
                          Frame.id(bytes, offset),
                          Frame.attempt(bytes, offset),
                          Frame.time(bytes, offset)));
                }
              });
        }
      }
      return stored;
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
