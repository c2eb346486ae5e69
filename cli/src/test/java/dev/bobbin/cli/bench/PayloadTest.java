package dev.bobbin.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PayloadTest {
  @ParameterizedTest
  @ValueSource(ints = {16, 100, 103, 1024})
  void everyBitCounts(int size) {
    Payload payload = new Payload(size);
    byte[] bytes = new byte[size];
    for (long sequence : new long[] {0, 1, 77, 1L << 40}) {
      payload.fill(bytes, sequence);
      assertThat(payload.check(bytes)).isEqualTo(sequence);
      for (int bit = 0; bit < size * 8; bit++) {
        bytes[bit / 8] ^= (byte) (1 << bit % 8);
        assertThatThrownBy(() -> payload.check(bytes)).hasMessageContaining("wrong bytes");
        bytes[bit / 8] ^= (byte) (1 << bit % 8);
      }
    }
  }

  @Test
  void lengthCounts() {
    assertThatThrownBy(() -> new Payload(100).check(new byte[99])).hasMessageContaining("99 bytes");
  }

  @Test
  void ledgerTakesEachNumberOnceInAnyOrder() {
    Ledger ledger = new Ledger();
    for (long number : new long[] {2, 0, 4, 1}) {
      ledger.arrived(number);
    }
    assertThat(ledger.complete(5)).isFalse();
    assertThat(ledger.complete(3)).isFalse();
    ledger.arrived(3);
    assertThat(ledger.complete(5)).isTrue();
    assertThatThrownBy(() -> ledger.arrived(2)).hasMessageContaining("twice");
    ledger.arrived(7);
    assertThatThrownBy(() -> ledger.arrived(7)).hasMessageContaining("twice");
    assertThat(ledger.complete(5)).isFalse();
  }

  @Test
  void checkerReportsWhatTheHandlerFound() {
    Payload payload = new Payload(100);
    Checker checker = new Checker(payload, 2);
    byte[] bytes = new byte[100];
    payload.fill(bytes, Checker.sequence(1, 0));
    checker.handle(bytes);
    checker.await(1);
    checker.requireComplete(1, 1);
    assertThatThrownBy(() -> checker.requireComplete(0, 1)).hasMessageContaining("first 1 jobs");
    bytes[50]++;
    checker.handle(bytes);
    assertThatThrownBy(() -> checker.await(1)).hasMessageContaining("wrong bytes");
  }

  @Test
  void medianIsTheMiddle() {
    assertThat(Spread.of(5, 1, 3)).isEqualTo(new Spread(1, 3, 5));
    assertThat(Spread.of(4, 1, 2, 3)).isEqualTo(new Spread(1, 2.5, 4));
  }
}
