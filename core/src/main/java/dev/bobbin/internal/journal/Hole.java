package dev.bobbin.internal.journal;

/**
 * A part of a segment where promised blocks lie of which not even the header checks out.
 *
 * @param file the segment's file
 * @param segment the segment's number
 * @param from where the first of them began
 * @param to where the next good block begins, or the file ends
 * @param lowest jobs that were new in these blocks have at least this position
 * @param mayHoldMoved whether older jobs may have been copied forward here. Otherwise older frames
 *     are what the file held before it was used again
 */
public record Hole(
    String file, long segment, long from, long to, long lowest, boolean mayHoldMoved) {}
