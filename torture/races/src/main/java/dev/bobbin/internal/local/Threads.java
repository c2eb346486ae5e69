package dev.bobbin.internal.local;

/** Threads of the engine without any queue. */
final class Threads {
  private Threads() {}

  static IoThread started() {
    IoThread io = new IoThread("io");
    io.start();
    return io;
  }
}
