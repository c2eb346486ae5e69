package dev.bobbin.internal.ring;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A long that several threads touch, alone on its cache lines. Super- and subclass hold the
 * padding: the JVM lays the fields of a superclass out before those of its subclasses, and would
 * sort fields of one class by itself.
 */
public final class Cursor extends CursorValue {
  private static final VarHandle VALUE;

  static {
    try {
      VALUE = MethodHandles.lookup().findVarHandle(CursorValue.class, "value", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  long q0;
  long q1;
  long q2;
  long q3;
  long q4;
  long q5;
  long q6;
  long q7;
  long q8;
  long q9;
  long qa;
  long qb;
  long qc;
  long qd;
  long qe;

  public Cursor(long initial) {
    VALUE.setRelease(this, initial);
  }

  public long getVolatile() {
    return (long) VALUE.getVolatile(this);
  }

  public long getAcquire() {
    return (long) VALUE.getAcquire(this);
  }

  public long getOpaque() {
    return (long) VALUE.getOpaque(this);
  }

  public void setVolatile(long newValue) {
    VALUE.setVolatile(this, newValue);
  }

  public void setRelease(long newValue) {
    VALUE.setRelease(this, newValue);
  }

  public boolean compareAndSet(long expected, long newValue) {
    return VALUE.compareAndSet(this, expected, newValue);
  }

  public long getAndAdd(long delta) {
    return (long) VALUE.getAndAdd(this, delta);
  }

  /** Adds without an atomic instruction; for cursors that one thread at a time writes. */
  public void addOwned(long delta) {
    VALUE.setOpaque(this, (long) VALUE.getOpaque(this) + delta);
  }
}

/** Padding in front of the value: the object header and 15 longs. */
abstract class CursorPad {
  long p0;
  long p1;
  long p2;
  long p3;
  long p4;
  long p5;
  long p6;
  long p7;
  long p8;
  long p9;
  long pa;
  long pb;
  long pc;
  long pd;
  long pe;
}

abstract class CursorValue extends CursorPad {
  long value;
}
