package dev.bobbin.torture.disk;

/**
 * A job that was there after an opening.
 *
 * @param early whether it was ready before the clock was put forward
 * @param nowMillis what the clock said then
 */
record Found(String queue, int attempt, boolean dead, boolean early, long nowMillis) {}
