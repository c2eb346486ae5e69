package dev.bobbin.internal.work;

/** Jobs under a lease as they are: nothing decoded, nothing left out. For whoever moves them. */
public final class FrameLease {
  private final BatchLease lease;

  FrameLease(BatchLease lease) {
    this.lease = lease;
  }

  public int size() {
    return lease.jobs().size();
  }

  /** The bytes in which the frames lie. */
  public byte[] bytes() {
    return lease.jobs().bytes();
  }

  /** Where the frame at {@code index} begins. */
  public int offset(int index) {
    return lease.jobs().offset(index);
  }

  /** They are finished. */
  public void ackAll() {
    lease.ackAll();
  }
}
