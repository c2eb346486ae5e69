package dev.bobbin.internal.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bobbin.internal.local.DeadIndex.Entry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeadIndexTest {
  private final DeadIndex index = new DeadIndex();

  private List<Entry> all() {
    List<Entry> all = new ArrayList<>();
    for (Entry e = index.next(0); e != null; e = index.next(e.end())) {
      all.add(e);
    }
    return all;
  }

  @Test
  void keepsOrderThoughWorkersAddALittleLate() {
    index.add(16, 1, 8);
    index.add(48, 3, 8);
    index.add(32, 2, 8);
    assertThat(all()).extracting(Entry::position).containsExactly(16L, 32L, 48L);
    assertThat(index.afterLast()).isEqualTo(49);
    assertThat(index.find(new long[] {1, 3, 7})).extracting(Entry::id).containsExactly(1L, 3L);
  }

  @Test
  void oneClaimSucceeds() {
    index.add(16, 1, 8);
    Entry claimed = index.claim(16);
    assertThat(claimed).isEqualTo(new Entry(16, 1, 8));
    assertThat(index.claim(16)).isNull();
    assertThat(index.claim(8)).isNull();
    assertThat(index.size()).isEqualTo(1);
    assertThat(index.unclaimed()).isZero();
    assertThat(index.next(0)).isEqualTo(claimed);

    index.giveBack(claimed);
    assertThat(index.unclaimed()).isEqualTo(1);
    assertThat(index.claim(16)).isEqualTo(claimed);
    index.remove(claimed);
    assertThat(index.size()).isZero();
    assertThat(index.next(0)).isNull();
    assertThat(index.afterLast()).isZero();
  }

  @Test
  void oldestThatNobodyHasClaimedIsDiscarded() {
    index.add(16, 1, 8);
    index.add(32, 2, 8);
    assertThat(index.claimOldestBeyond(2)).isNull();
    index.claim(16);
    assertThat(index.claimOldestBeyond(1)).isEqualTo(new Entry(32, 2, 8));
    assertThat(index.claimOldestBeyond(1)).isNull();
  }

  @Test
  void letterTakesAboutTwentyTwoBytes() {
    for (int i = 0; i < 1_000_000; i++) {
      index.add(i * 8L, i, 8);
    }
    assertThat(index.bytes()).isLessThan(23_000_000);
  }

  @Test
  void roomIsReusedWhileOldOnesGoAndGivenBackWhenMostAreGone() {
    for (int i = 0; i < 10_000; i++) {
      index.add(i * 8L, i, 8);
    }
    long full = index.bytes();
    for (int i = 10_000; i < 100_000; i++) {
      index.add(i * 8L, i, 8);
      index.remove(index.claimOldestBeyond(10_000));
    }
    assertThat(index.size()).isEqualTo(10_000);
    assertThat(index.bytes()).isLessThan(full * 5 / 4);
    while (index.size() > 10) {
      index.remove(index.claimOldestBeyond(10));
    }
    assertThat(index.bytes()).isLessThan(2_000);
    assertThat(all()).hasSize(10);
  }

  /** Random steps against a map. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void agreesWithAPlainMap(long seed) {
    Random random = new Random(seed);
    TreeMap<Long, Entry> there = new TreeMap<>();
    TreeMap<Long, Entry> claimed = new TreeMap<>();
    long next = 8;
    for (int step = 0; step < 20_000; step++) {
      // Growing first, then shrinking, again and again.
      boolean growing = step / 2500 % 2 == 0;
      int dice = random.nextInt(100);
      if (dice < (growing ? 70 : 20)) {
        int bytes = 8 + 8 * random.nextInt(4);
        Entry entry = new Entry(next, next * 3, bytes);
        next += 64;
        if (random.nextInt(10) == 0) {
          // One that was appended before it, but is told of after it.
          Entry late = new Entry(entry.position() + 64, entry.id() + 1, bytes);
          next += 64;
          add(late, there);
        }
        add(entry, there);
      } else if (dice < 80) {
        Entry entry = pick(random, there);
        long position = entry == null ? random.nextLong(next) | 1 : entry.position();
        assertThat(index.claim(position)).as("seed " + seed).isEqualTo(entry);
        if (entry != null) {
          claimed.put(position, there.remove(position));
        }
      } else if (dice < 85) {
        long most = random.nextInt(there.size() + claimed.size() + 5);
        boolean beyond = there.size() + claimed.size() > most;
        Entry oldest = beyond && !there.isEmpty() ? there.firstEntry().getValue() : null;
        assertThat(index.claimOldestBeyond(most)).as("seed " + seed).isEqualTo(oldest);
        if (oldest != null) {
          claimed.put(oldest.position(), there.remove(oldest.position()));
        }
      } else if (!claimed.isEmpty()) {
        Entry entry = pick(random, claimed);
        claimed.remove(entry.position());
        if (random.nextInt(3) == 0) {
          index.giveBack(entry);
          there.put(entry.position(), entry);
        } else {
          index.remove(entry);
        }
      }
      assertThat(index.size()).as("seed " + seed).isEqualTo(there.size() + claimed.size());
      assertThat(index.unclaimed()).as("seed " + seed).isEqualTo(there.size());
      if (step % 500 == 0) {
        TreeMap<Long, Entry> both = new TreeMap<>(there);
        both.putAll(claimed);
        assertThat(all()).as("seed " + seed).containsExactlyElementsOf(both.values());
        assertThat(index.afterLast()).isEqualTo(both.isEmpty() ? 0 : both.lastKey() + 1);
      }
    }
  }

  private void add(Entry entry, TreeMap<Long, Entry> there) {
    index.add(entry.position(), entry.id(), entry.bytes());
    there.put(entry.position(), entry);
  }

  private static Entry pick(Random random, TreeMap<Long, Entry> from) {
    Map.Entry<Long, Entry> entry =
        from.isEmpty() ? null : from.floorEntry(random.nextLong(from.lastKey() + 1));
    return entry == null ? from.isEmpty() ? null : from.firstEntry().getValue() : entry.getValue();
  }
}
