package dev.bobbin.torture.corrupt;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Parts of the files of a queue that had a varied life. */
public final class Sample {
  private final Base base;

  private Sample(Base base) {
    this.base = base;
  }

  /** Makes one; what is in {@code scratch} is not needed afterwards. */
  public static Sample make(Path scratch) throws IOException {
    return new Sample(Builder.died(scratch));
  }

  /** Frames of small jobs. */
  public List<byte[]> frames() {
    List<byte[]> frames = new ArrayList<>();
    for (Placed.Block block : base.blocks()) {
      for (Placed.Frame frame : block.frames()) {
        if (frame.bytes() < 600) {
          frames.add(part(frame.file(), frame.offset(), frame.bytes()));
        }
      }
    }
    return frames;
  }

  /** Small blocks: header, body and gaps. */
  public List<byte[]> blocks() {
    return base.blocks().stream()
        .filter(b -> b.bytes() < 2000)
        .map(b -> part(b.file(), b.offset(), b.bytes()))
        .toList();
  }

  /** What is used of a segment's header. */
  public byte[] segmentHeader() {
    return part(base.layout().inUse().get(0), 0, Layout.SEGMENT_HEADER_BYTES);
  }

  /** The file that says what the queue is. */
  public byte[] identity() {
    return base.image().get(Image.IDENTITY);
  }

  private byte[] part(String file, int from, int bytes) {
    return Arrays.copyOfRange(base.image().get(file), from, from + bytes);
  }
}
