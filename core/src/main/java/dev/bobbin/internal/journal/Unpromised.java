package dev.bobbin.internal.journal;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The blocks at a journal's end that no later block calls durable. That they can be read says
 * nothing about the disk: after a failed force a system may take what it could not write for
 * written. It shows it as long as it is in memory, reports the next force as a success, for there
 * is nothing to write, and loses it with the machine.
 *
 * <p>Invariant 7: recovery writes these blocks once more, so that its own force covers them, before
 * it appends a block that calls them durable. It writes the bytes that it has just checked, where
 * they lie: whatever of that reaches the disk, no byte differs from what a force may have promised
 * there.
 */
final class Unpromised {
  private final Blocks blocks;
  private final Chain chain;

  Unpromised(Blocks blocks, Chain chain) {
    this.blocks = blocks;
    this.chain = chain;
  }

  /** Writes them; the next force of their segments makes them durable. */
  void writeAgain() throws IOException {
    long durable = chain.durable();
    for (Chain.Entry entry : chain.entries()) {
      if (entry.header().number() >= durable) {
        Segment segment = entry.segment();
        if (entry.header().number() == segment.firstBlock) {
          // The force that would have covered its first block would have covered its header.
          segment.file.write(Segment.header(blocks.seed(), segment.number, segment.firstBlock), 0);
        }
        segment.file.write(bytes(entry), entry.offset());
      }
    }
  }

  private ByteBuffer bytes(Chain.Entry entry) throws IOException {
    ByteBuffer bytes = blocks.whole(entry);
    if (bytes == null) {
      throw new IOException(
          blocks.storage().describe(entry.segment().file.name())
              + " at offset "
              + entry.offset()
              + ": expected block "
              + entry.header().number()
              + " as it was read a moment ago, found something else: the disk has lost a write."
              + " Check the disk, then open the queue again, which cuts the block off");
    }
    return bytes;
  }
}
