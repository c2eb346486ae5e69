package dev.bobbin.internal.journal;

import dev.bobbin.internal.position.PositionRanges;

/**
 * What a block of jobs covers: the unfinished jobs of [first, end).
 *
 * @param first where it begins
 * @param end where it ends
 * @param gaps what of that range is not among the frames; belongs to the journal afterwards
 * @param ready jobs that recovery need not look at
 * @param asides the other jobs
 */
public record Span(long first, long end, PositionRanges gaps, int ready, int asides) {}
