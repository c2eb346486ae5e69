package dev.bobbin.torture.corrupt;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Damages an image; what and where follows from the random generator alone. */
final class Mutator {
  private static final int PAGE = 4096;
  private static final int SECTOR = 512;

  private final Base base;
  private final Base other;
  private final SplittableRandom random;

  /**
   * @param other a directory of another queue
   */
  Mutator(Base base, Base other, SplittableRandom random) {
    this.base = base;
    this.other = other;
    this.random = random;
  }

  /** A damaged image, and what was done to it. */
  record Mutant(Image image, String what) {}

  Mutant mutate(FileType type) {
    return mutate(base.image(), type);
  }

  private Mutant mutate(Image image, FileType type) {
    if (type == FileType.PAIR) {
      FileType[] types = FileType.values();
      Mutant first = mutate(image, types[random.nextInt(types.length - 1)]);
      Mutant second = mutate(first.image, types[random.nextInt(types.length - 1)]);
      return new Mutant(second.image, first.what + "; " + second.what);
    }
    if (type == FileType.STRAY) {
      return stray(image);
    }
    String file = type.pick(base, random);
    byte[] bytes = image.file(file);
    return bytes == null ? new Mutant(image, file + " is gone") : mutate(image, type, file, bytes);
  }

  private Mutant mutate(Image image, FileType type, String file, byte[] bytes) {
    boolean large = type == FileType.SEGMENT || type == FileType.RING || type == FileType.SPARE;
    return switch (random.nextInt(large ? 20 : 14)) {
      case 0 -> garbageBehind(image, file, bytes);
      case 1 -> new Mutant(image.with(file, new byte[0]), file + " empty");
      case 2 -> new Mutant(image.without(file), file + " deleted");
      case 3 -> {
        int to = place(file, bytes);
        yield new Mutant(image.with(file, Arrays.copyOf(bytes, to)), file + " cut to " + to);
      }
      case 4 -> whole(image, file, older(file), "of an older generation");
      case 5 -> whole(image, file, foreign(type), "of another queue");
      case 6 -> noise(image, file, bytes);
      case 7 -> bits(image, file, bytes, 2 + random.nextInt(6));
      case 8 -> zero(image, file, bytes, SECTOR);
      case 14, 15 -> zero(image, file, bytes, PAGE);
      case 16 -> swap(image, file, bytes);
      case 17 -> splice(image, file, bytes, older(file), "an older generation");
      case 18 -> splice(image, file, bytes, foreign(type), "another queue");
      case 19 -> splice(image, file, bytes, bytes, "itself");
      default -> bits(image, file, bytes, 1);
    };
  }

  /** Where something is: most of a segment and of a ring is empty. */
  private int place(String file, byte[] bytes) {
    if (bytes.length == 0) {
      return 0;
    }
    int at = random.nextInt(bytes.length);
    List<Placed.Block> blocks = base.blocks().stream().filter(b -> b.file().equals(file)).toList();
    if (!blocks.isEmpty()) {
      Placed.Block block = blocks.get(random.nextInt(blocks.size()));
      at =
          switch (random.nextInt(8)) {
            case 0 -> random.nextInt(Layout.SEGMENT_HEADER_BYTES);
            case 1, 2, 3 -> block.offset() + random.nextInt(96);
            case 4, 5, 6 -> block.offset() + random.nextInt(block.bytes());
            default -> at;
          };
    } else if (file.equals(Image.RING)) {
      List<Placed.Frame> ring = base.ring();
      Placed.Frame frame = ring.get(random.nextInt(ring.size()));
      at =
          switch (random.nextInt(8)) {
            case 0 -> random.nextInt(32);
            case 1 -> PAGE + random.nextInt(64);
            // Its length is that of the eight slots in hand.
            case 2 -> 9 * PAGE + random.nextInt(256 * 32);
            case 3, 4, 5 -> frame.offset() + random.nextInt(frame.bytes());
            default -> at;
          };
    } else if (file.equals(Image.IDENTITY)) {
      at = random.nextInt(8) == 0 ? at : random.nextInt(40);
    }
    return Math.min(at, bytes.length - 1);
  }

  private Mutant bits(Image image, String file, byte[] bytes, int count) {
    byte[] changed = bytes.clone();
    StringBuilder what = new StringBuilder(file + " bit");
    for (int i = 0; i < count && changed.length > 0; i++) {
      int at = place(file, bytes);
      int bit = random.nextInt(8);
      changed[at] ^= (byte) (1 << bit);
      what.append(' ').append(at).append('.').append(bit);
    }
    return new Mutant(image.with(file, changed), what.toString());
  }

  private Mutant noise(Image image, String file, byte[] bytes) {
    int at = place(file, bytes);
    byte[] noise = new byte[random.nextInt(1 + Math.min(2 * PAGE, bytes.length - at))];
    random.nextBytes(noise);
    byte[] changed = bytes.clone();
    System.arraycopy(noise, 0, changed, at, noise.length);
    return new Mutant(image.with(file, changed), file + " noise " + at + "+" + noise.length);
  }

  private Mutant zero(Image image, String file, byte[] bytes, int unit) {
    int at = place(file, bytes) / unit * unit;
    int to = Math.min(bytes.length, at + unit * (1 + random.nextInt(4)));
    byte[] changed = bytes.clone();
    Arrays.fill(changed, at, to, (byte) 0);
    return new Mutant(image.with(file, changed), file + " zeroed " + at + " to " + to);
  }

  private Mutant swap(Image image, String file, byte[] bytes) {
    int one = place(file, bytes) / PAGE * PAGE;
    int two = place(file, bytes) / PAGE * PAGE;
    int length = Math.min(PAGE * (1 + random.nextInt(2)), bytes.length - Math.max(one, two));
    byte[] changed = bytes.clone();
    System.arraycopy(bytes, one, changed, two, length);
    System.arraycopy(bytes, two, changed, one, length);
    return new Mutant(image.with(file, changed), file + " swapped " + one + " and " + two);
  }

  private Mutant splice(Image image, String file, byte[] bytes, byte[] from, String what) {
    int source = place(file, from) / PAGE * PAGE;
    int at = random.nextInt(3) == 0 ? place(file, bytes) / PAGE * PAGE : source;
    int most = Math.min(from.length - source, bytes.length - at);
    if (most <= 0) {
      return zero(image, file, bytes, PAGE);
    }
    int length = random.nextInt(3) == 0 ? most : Math.min(most, PAGE * (1 + random.nextInt(4)));
    byte[] changed = bytes.clone();
    System.arraycopy(from, source, changed, at, length);
    return new Mutant(
        image.with(file, changed),
        file + " at " + at + "+" + length + " " + source + " of " + what);
  }

  private Mutant whole(Image image, String file, byte[] bytes, String what) {
    return new Mutant(image.with(file, bytes), file + " " + what);
  }

  private Mutant garbageBehind(Image image, String file, byte[] bytes) {
    if (random.nextInt(50) == 0) {
      long size = 200 << 20;
      return new Mutant(image.withLength(file, size), file + " continued to " + size);
    }
    byte[] changed = Arrays.copyOf(bytes, bytes.length + 1 + random.nextInt(3 * PAGE));
    byte[] noise = new byte[changed.length - bytes.length];
    random.nextBytes(noise);
    System.arraycopy(noise, 0, changed, bytes.length, noise.length);
    return new Mutant(image.with(file, changed), file + " " + noise.length + " bytes longer");
  }

  /** What the file, or for a segment another one, was earlier. */
  private byte[] older(String file) {
    List<Image> generations = base.generations();
    Image then = generations.get(random.nextInt(generations.size()));
    List<String> segments = then.segments();
    String name =
        file.endsWith(Image.SEGMENT) && (random.nextBoolean() || then.file(file) == null)
            ? segments.get(random.nextInt(segments.size()))
            : file;
    byte[] bytes = then.file(name);
    return bytes == null ? new byte[0] : bytes;
  }

  private byte[] foreign(FileType type) {
    byte[] bytes = other.image().file(type.pick(other, random));
    return bytes == null ? new byte[0] : bytes;
  }

  private Mutant stray(Image image) {
    String free = Image.FOLDER + "%08d.segment".formatted(20 + random.nextInt(20));
    List<String> inUse = base.layout().inUse();
    String one = inUse.get(random.nextInt(inUse.size()));
    return switch (random.nextInt(9)) {
      case 0 -> whole(image, free, older(one), "of an older generation, under a free name");
      case 1 -> whole(image, free, foreign(FileType.SEGMENT), "of another queue, a free name");
      case 2 -> whole(image, free, base.image().get(one), "a copy of " + one);
      case 3 -> whole(image, Image.FOLDER + "queue.tmp", new byte[100], "left over");
      case 4 -> whole(image, Image.FOLDER + "notes.txt", new byte[100], "of somebody");
      case 5 -> whole(image, Image.FOLDER + "repairing/" + name(one), older(one), "left over");
      case 6 -> whole(image, "queues/.hidden/notes.txt", new byte[100], "of somebody");
      case 7 -> whole(image, "notes.txt", new byte[100], "of somebody");
      default -> whole(image, free, new byte[1 << 20], "all zeros");
    };
  }

  private static String name(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }
}
