package dev.bobbin.testkit;

import dev.bobbin.Bobbin;

/** The contract in memory. */
class MemoryContractTest extends BobbinContract {
  @Override
  protected Bobbin open() {
    return Bobbin.inMemory();
  }
}
