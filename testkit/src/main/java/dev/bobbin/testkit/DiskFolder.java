package dev.bobbin.testkit;

import java.util.TreeMap;

/** The files of one queue on a {@link TestDisk}. Guarded by the disk's monitor. */
final class DiskFolder {
  final String name;
  final TreeMap<String, DiskFile> files = new TreeMap<>();

  DiskFolder(String name) {
    this.name = name;
  }

  DiskFolder copy() {
    DiskFolder copy = new DiskFolder(name);
    files.forEach((file, content) -> copy.files.put(file, content.copy()));
    return copy;
  }

  boolean hasQueue() {
    return files.keySet().stream().anyMatch(f -> f.equals("queue") || f.endsWith(".segment"));
  }

  String path(String file) {
    return name + "/" + file;
  }

  /** Names that are there now outlive the machine. */
  void force() {
    files.values().forEach(DiskFile::entryForced);
  }

  void forget() {
    files.values().forEach(DiskFile::forget);
  }

  void unmap() {
    files.values().forEach(DiskFile::unmap);
  }

  void die(DiskLuck luck) {
    files.values().removeIf(file -> !file.die(luck));
  }
}
