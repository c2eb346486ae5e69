package dev.bobbin;

/**
 * What the file of a queue's ring holds that the journal does not know. A ring that was lost or has
 * another size is no damage: it is created anew, and the journal has all that was flushed.
 *
 * @param whole whether the file is there and has the size that the queue was created with
 * @param bytes size of the file, 0 if there is none
 * @param jobs unfinished jobs beyond the journal's end; they are counted among the queue's
 * @param finishedRanges reports of finished jobs that check out
 * @param settledPosition everything before it is finished or in the journal; 0 if nothing says so
 * @param inHandRanges what workers had in hand when the last owner ended
 */
public record RingVerification(
    boolean whole,
    long bytes,
    long jobs,
    long finishedRanges,
    long settledPosition,
    long inHandRanges) {}
