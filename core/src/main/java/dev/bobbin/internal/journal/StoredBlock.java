package dev.bobbin.internal.journal;

/** A block of a journal that is only read: its header checks out, the rest has yet to be read. */
public final class StoredBlock {
  final Chain.Entry entry;

  StoredBlock(Chain.Entry entry) {
    this.entry = entry;
  }

  /** The file that it lies in. */
  public String file() {
    return entry.segment().file.name();
  }

  /** Where in the file it begins. */
  public long offset() {
    return entry.offset();
  }

  /** Where in the file its body begins. */
  public long bodyOffset() {
    return entry.offset() + Block.HEADER_BYTES;
  }

  /** What it takes up in the file. */
  public long bytes() {
    return entry.header().blockBytes();
  }

  /** Counts blocks over all segments. */
  public long number() {
    return entry.header().number();
  }

  /** Whether its body is frames. */
  public boolean hasJobs() {
    return entry.header().hasJobs();
  }

  /** Whether it was copied forward from a block with the same {@link #first}. */
  public boolean isMoved() {
    return entry.header().kind() == Block.MOVED;
  }

  /** Whether its body is finished ranges. */
  public boolean hasFinished() {
    return entry.header().kind() == Block.FINISHED;
  }

  /** First position covered. */
  public long first() {
    return entry.header().first();
  }

  /** End of the positions covered. */
  public long end() {
    return entry.header().end();
  }

  /** How many frames its body has, as the header says: those that are ready. */
  public int ready() {
    return entry.header().ready();
  }

  /** How many frames its body has besides. */
  public int asides() {
    return entry.header().asides();
  }

  /** Size of the body. */
  public int bodyBytes() {
    return entry.header().bodyBytes();
  }
}
