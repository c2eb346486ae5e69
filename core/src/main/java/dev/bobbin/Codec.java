package dev.bobbin;

import dev.bobbin.internal.local.BuiltInCodecs;

/**
 * Turns payloads into bytes and back. Thread-safe. Bytes on disk outlive the program that wrote
 * them: a codec must read what its earlier versions wrote, and never names a class in them.
 */
public interface Codec<T> {
  /**
   * The bytes of {@code payload}, not null. The queue copies them before submit returns.
   *
   * @throws RuntimeException to refuse the payload: submit throws it on and nothing is queued. Null
   *     is refused with a {@link NullPointerException} that names the codec.
   */
  byte[] encode(T payload);

  /**
   * The payload in {@code bytes} from {@code offset} on, {@code length} long; not null. The array
   * belongs to the queue: leave it as it is, and copy what is to outlive the call.
   *
   * @throws RuntimeException to have the job set aside as a dead letter with the exception as its
   *     reason, at once and whatever its retry policy says; so has null. The reason is kept as it
   *     is: keep it short, and leave out of it what is secret in the payload. An {@link Error} (no
   *     memory, a class that is missing) is a failure as if a handler had thrown it: the job is
   *     tried again by its retry policy.
   */
  T decode(byte[] bytes, int offset, int length);

  /** Payloads that are bytes already; each delivery gets an array of its own. */
  static Codec<byte[]> bytes() {
    return BuiltInCodecs.BYTES;
  }

  /** Text as UTF-8; characters that UTF-8 cannot carry (lone surrogates) are refused. */
  static Codec<String> text() {
    return BuiltInCodecs.TEXT;
  }
}
