package dev.bobbin.testkit;

import dev.bobbin.Bobbin;
import dev.bobbin.internal.local.LocalBobbin;
import dev.bobbin.internal.time.Time;

/** The contract on a {@link TestDisk}: while nothing goes wrong with it, it is a disk like any. */
class DiskContractTest extends BobbinContract {
  private final TestDisk disk = new TestDisk();

  @Override
  protected Bobbin open() {
    return LocalBobbin.in(disk.mount(), Time.system());
  }
}
