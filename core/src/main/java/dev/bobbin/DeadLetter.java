package dev.bobbin;

import java.time.Instant;

/**
 * A job that was set aside.
 *
 * @param id the job's id
 * @param attempts deliveries that failed, the last included
 * @param submittedAt when it was first submitted, to the second
 * @param diedAt when it was set aside
 * @param reason the last error, or the reason it was rejected with; at most 1,024 bytes of UTF-8
 * @param payload its bytes, a copy
 */
@SuppressWarnings(
    "ArrayRecordComponent") // a view for people and tools; nobody compares two of them
public record DeadLetter(
    JobId id, int attempts, Instant submittedAt, Instant diedAt, String reason, byte[] payload) {}
