package dev.bobbin.torture.corrupt;

import java.util.List;
import java.util.SplittableRandom;

/** What lies in a directory, each damaged in its turn. */
enum FileType {
  MARKER,
  IDENTITY,
  RING,
  SEGMENT,
  SPARE,
  LOCK,
  /** Files that do not belong there. */
  STRAY,
  /** Two damages at once, of any two files. */
  PAIR;

  /** A file of this type. */
  String pick(Base base, SplittableRandom random) {
    List<String> inUse = base.layout().inUse();
    return switch (this) {
      case MARKER -> Image.MARKER;
      case IDENTITY -> Image.IDENTITY;
      case RING -> Image.RING;
      case SPARE -> {
        List<String> spares =
            base.image().segments().stream().filter(s -> !inUse.contains(s)).toList();
        yield spares.isEmpty() ? inUse.get(0) : spares.get(random.nextInt(spares.size()));
      }
      case LOCK -> Image.LOCK;
      default -> inUse.get(random.nextInt(inUse.size()));
    };
  }
}
