package dev.bobbin.torture.corrupt;

import dev.bobbin.QueueOptions;
import dev.bobbin.RetryPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * An undamaged directory, and what its queue was told.
 *
 * @param name of the base, for messages
 * @param image the files
 * @param states what became of each job
 * @param generations the same directory earlier in its life
 * @param opened number of the block with which the last opening began
 * @param journaled jobs that lie in the journal, whatever became of them
 * @param finishedIn for each position of a finished frame, which of the blocks is the first to say
 *     so
 */
record Base(
    String name,
    Image image,
    Map<String, State> states,
    List<Image> generations,
    Layout layout,
    List<Placed.Frame> ring,
    long opened,
    Set<String> journaled,
    Map<Long, Integer> finishedIn) {

  static final QueueOptions OPTIONS =
      QueueOptions.defaults()
          .withRingBytes(256 << 10)
          .withSegmentBytes(1 << 20)
          .withRetry(RetryPolicy.DEFAULT.crashes(15))
          .withFlushInterval(Duration.ofSeconds(10));

  /** The ring's file: mark, eight slots in hand, a log of 256 entries, and the ring. */
  static final int RING_FILE_BYTES = 9 * 4096 + 256 * 32 + (256 << 10);

  /** What a job is when nothing is damaged. */
  enum State {
    /** Ready, or delayed: delivered once the clock is two hours on. */
    DUE,
    DEAD,
    /** Finished, and its ack in the journal or its job in neither. */
    DONE,
    /** Finished a moment before the process died: may come again. */
    JUST_DONE
  }

  static Base of(
      String name, Image image, Map<String, State> states, List<Image> generations, long opened) {
    Layout layout = new Layout(image);
    List<Placed.Frame> ring = layout.ring(OPTIONS.ringBytes());
    Set<String> journaled = new HashSet<>();
    Map<Long, Integer> finishedIn = new HashMap<>();
    for (Placed.Block block : layout.blocks()) {
      for (Placed.Frame frame : block.frames()) {
        journaled.add(frame.job());
        int in = finishedIn(layout.blocks(), frame.position());
        if (in >= 0) {
          finishedIn.put(frame.position(), in);
        }
      }
    }
    return new Base(
        name,
        image,
        Map.copyOf(states),
        List.copyOf(generations),
        layout,
        ring,
        opened,
        Set.copyOf(journaled),
        Map.copyOf(finishedIn));
  }

  private static int finishedIn(List<Placed.Block> blocks, long position) {
    for (int i = 0; i < blocks.size(); i++) {
      for (long[] range : blocks.get(i).finished()) {
        if (range[0] <= position && position < range[1]) {
          return i;
        }
      }
    }
    return -1;
  }

  /** Whether one of the first {@code blocks} blocks says that a frame's job is finished. */
  boolean isFinished(long position, int blocks) {
    return finishedIn.getOrDefault(position, Integer.MAX_VALUE) < blocks;
  }

  List<Placed.Block> blocks() {
    return layout.blocks();
  }

  boolean isUnfinished(String job) {
    State state = states.get(job);
    return state == State.DUE || state == State.DEAD;
  }

  /** Positions of each job's frames in the first {@code blocks} blocks. */
  Map<String, List<Long>> positions(int blocks) {
    Map<String, List<Long>> positions = new HashMap<>();
    for (Placed.Block block : blocks().subList(0, blocks)) {
      for (Placed.Frame frame : block.frames()) {
        positions.computeIfAbsent(frame.job(), j -> new ArrayList<>()).add(frame.position());
      }
    }
    return positions;
  }
}
