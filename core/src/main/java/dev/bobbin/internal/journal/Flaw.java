package dev.bobbin.internal.journal;

/**
 * Something in a file that is not as it was promised.
 *
 * @param file its name in the queue's folder
 * @param offset where in the file
 * @param expected what should be there
 * @param found what is there
 */
public record Flaw(String file, long offset, String expected, String found) {}
