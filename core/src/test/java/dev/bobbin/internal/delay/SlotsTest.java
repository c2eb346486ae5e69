package dev.bobbin.internal.delay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class SlotsTest {

  private static final int ENTRIES = 640;
  private static final int CHUNK_BYTES = 64 * 16;

  private final Slots slots = new Slots(3);

  @Test
  void keepsEachSlotInOrderOfAppending() {
    for (int i = 0; i < ENTRIES; i++) {
      slots.append(i % 3, i, -i);
    }

    for (int i = 0; i < ENTRIES; i++) {
      assertThat(slots.firstDueMillis(i % 3)).isEqualTo(i);
      assertThat(slots.firstPosition(i % 3)).isEqualTo(-i);
      slots.removeFirst(i % 3);
    }
    assertThat(slots.isEmpty(0) && slots.isEmpty(1) && slots.isEmpty(2)).isTrue();
  }

  @Test
  void servesOneSlotFromWhatAnotherHasGivenBack() {
    slots.append(0, 1, 1);
    fill(1);
    long inUse = slots.memoryBytes();
    assertThat(inUse).isEqualTo((1 + ENTRIES / 64) * CHUNK_BYTES);

    drain(1);
    assertThat(slots.memoryBytes()).isEqualTo(inUse);

    fill(2);
    assertThat(slots.memoryBytes()).isEqualTo(inUse);
  }

  @Test
  void keepsOneChunkWhenAllSlotsAreEmpty() {
    fill(0);
    fill(1);
    drain(0);
    drain(1);

    assertThat(slots.memoryBytes()).isEqualTo(CHUNK_BYTES);
  }

  @Test
  void refusesToReadAnEmptySlot() {
    assertThatThrownBy(() -> slots.firstDueMillis(2))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("slot 2");
  }

  private void fill(int slot) {
    for (int i = 0; i < ENTRIES; i++) {
      slots.append(slot, i, i);
    }
  }

  private void drain(int slot) {
    while (!slots.isEmpty(slot)) {
      slots.removeFirst(slot);
    }
  }
}
