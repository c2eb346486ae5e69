package dev.bobbin.examples;

import dev.bobbin.Codec;
import java.nio.ByteBuffer;

/** docs/operating/codecs.md: a codec by hand, with a version in front. */
final class PointCodec implements Codec<PointCodec.Point> {
  record Point(int x, int y, int z) {}

  @Override
  public byte[] encode(Point point) {
    return ByteBuffer.allocate(13)
        .put((byte) 2)
        .putInt(point.x())
        .putInt(point.y())
        .putInt(point.z())
        .array();
  }

  @Override
  public Point decode(byte[] bytes, int offset, int length) {
    ByteBuffer in = ByteBuffer.wrap(bytes, offset, length);
    byte version = in.get();
    return switch (version) {
      case 1 -> new Point(in.getInt(), in.getInt(), 0); // points had no z
      case 2 -> new Point(in.getInt(), in.getInt(), in.getInt());
      default ->
          throw new IllegalArgumentException(
              "expected version 1 or 2 of a point, found " + version);
    };
  }
}
