package dev.bobbin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.bobbin.internal.Crash;
import dev.bobbin.internal.local.Inside;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Where workers' threads come from, what may be wrong with them, and how groups end. */
@Timeout(120)
class WorkerThreadsTest {
  private static final Duration LONG = Duration.ofSeconds(60);

  private final Bobbin bobbin = Bobbin.inMemory();
  private final JobQueue<String> queue =
      bobbin.queue("q", Codec.text(), QueueOptions.defaults().withRingBytes(256 << 10));
  private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();

  @AfterEach
  void close() {
    bobbin.close();
  }

  private Workers work(int workers, ThreadFactory factory) {
    return queue.work(
        WorkOptions.workers(workers).threadsFrom(factory),
        payload -> seen.add(payload + " on " + Thread.currentThread().getName()));
  }

  /** Nothing is left of a group that could not be started, and another one can be. */
  private void expectNothingLeft() throws Exception {
    assertThat(Inside.groups(queue)).isZero();
    queue.submit("a");
    work(1, runnable -> new Thread(runnable, "good"));
    assertThat(seen.poll(60, TimeUnit.SECONDS)).isEqualTo("a on good");
    queue.close();
  }

  @Test
  void factoryThatReturnsNullIsNamed() throws Exception {
    AtomicInteger made = new AtomicInteger();
    assertThatThrownBy(
            () -> work(3, runnable -> made.incrementAndGet() == 2 ? null : new Thread(runnable)))
        .isInstanceOf(BobbinException.class)
        .hasMessageContaining("WorkOptions.threads")
        .hasMessageContaining("worker 2 of 3 of queue q")
        .hasMessageContaining("found null");
    expectNothingLeft();
  }

  @Test
  void factoryThatThrowsIsNamed() throws Exception {
    assertThatThrownBy(
            () ->
                work(
                    1,
                    runnable -> {
                      throw new IllegalStateException("no more");
                    }))
        .isInstanceOf(BobbinException.class)
        .hasMessageContaining("WorkOptions.threads failed")
        .hasRootCauseMessage("no more");
    expectNothingLeft();
  }

  @Test
  void startedThreadIsRefusedAndTakesNoJob() throws Exception {
    queue.submit("kept");
    assertThatThrownBy(
            () ->
                work(
                    1,
                    runnable -> {
                      Thread thread = new Thread(runnable, "started");
                      thread.start();
                      return thread;
                    }))
        .isInstanceOf(BobbinException.class)
        .hasMessageContaining("must return a new thread");
    work(1, runnable -> new Thread(runnable, "good"));
    assertThat(seen.poll(60, TimeUnit.SECONDS)).isEqualTo("kept on good");
    expectOnlyGroup();
  }

  private void expectOnlyGroup() {
    assertThat(Inside.groups(queue)).isEqualTo(1);
  }

  @Test
  void threadThatCannotBeStartedEndsTheOthers() throws Exception {
    Set<Thread> threads = ConcurrentHashMap.newKeySet();
    queue.submit("a");
    assertThatThrownBy(
            () ->
                work(
                    4,
                    runnable -> {
                      Thread thread =
                          threads.size() < 2
                              ? new Thread(runnable)
                              : new Thread(runnable) {
                                @Override
                                public void start() {
                                  throw new OutOfMemoryError("unable to create native thread");
                                }
                              };
                      threads.add(thread);
                      return thread;
                    }))
        .isInstanceOf(BobbinException.class)
        .hasMessageContaining("cannot start the thread of worker 3 of 4")
        .hasRootCauseMessage("unable to create native thread");
    Crash.await("no thread is left", () -> threads.stream().noneMatch(Thread::isAlive));
    assertThat(seen).isEmpty();
    assertThat(Inside.groups(queue)).isZero();
    work(1, runnable -> new Thread(runnable, "good"));
    assertThat(seen.poll(60, TimeUnit.SECONDS)).isEqualTo("a on good");
  }

  /** A thread that never runs its worker must not keep anybody waiting. */
  @Test
  void closeDoesNotWaitForWorkersThatNeverRan() {
    Workers workers = work(2, runnable -> new Thread(() -> {}));
    workers.close();
    assertThat(Inside.groups(queue)).isZero();
    work(2, runnable -> new Thread(() -> {}));
    queue.close();
  }

  @Test
  void workerIsRunOnceEvenIfItsFactoryRunsItTwice() throws Exception {
    Set<String> names = ConcurrentHashMap.newKeySet();
    Workers workers =
        queue.work(
            WorkOptions.workers(1)
                .threadsFrom(
                    runnable ->
                        new Thread(
                            () -> {
                              Thread twin = new Thread(runnable, "twin");
                              twin.start();
                              runnable.run();
                            })),
            payload -> names.add(Thread.currentThread().getName()));
    for (int i = 0; i < 200; i++) {
      queue.submit("job " + i);
    }
    assertThat(queue.awaitIdle(LONG)).isTrue();
    assertThat(names).hasSize(1);
    workers.close();
  }

  @Test
  void virtualThreadsWork() throws Exception {
    assumeTrue(Runtime.version().feature() >= 21, "virtual threads come with JDK 21");
    Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
    ThreadFactory factory =
        (ThreadFactory)
            Class.forName("java.lang.Thread$Builder").getMethod("factory").invoke(builder);
    AtomicInteger virtual = new AtomicInteger();
    CountDownLatch release = new CountDownLatch(1);
    WorkOptions options = WorkOptions.workers(50).threadsFrom(factory);
    Workers workers =
        queue.work(
            options.timeout(Duration.ofSeconds(10)).lease(LONG),
            payload -> {
              if ((boolean) Thread.class.getMethod("isVirtual").invoke(Thread.currentThread())) {
                virtual.incrementAndGet();
              }
            });
    queue.submitAll(IntStream.range(0, 5_000).mapToObj(i -> "job " + i).toList());
    assertThat(queue.awaitIdle(LONG)).isTrue();
    assertThat(virtual.get()).isEqualTo(5_000);
    workers.close();
    Workers stuck = queue.work(options.lease(Duration.ofMillis(100)), payload -> release.await());
    queue.submit("slow");
    // In its handler: one that loses its batch before that goes on at once.
    Crash.await(
        "a stuck virtual thread, and where it is",
        () -> stuck.stuck().stream().anyMatch(worker -> !worker.stack().isEmpty()));
    release.countDown();
    assertThat(queue.awaitIdle(LONG)).isTrue();
  }

  @Test
  void stoppedGroupsAreForgotten() throws Exception {
    for (int i = 0; i < 20; i++) {
      try (Workers workers = work(2, Thread::new)) {
        assertThat(workers.size()).isEqualTo(2);
      }
    }
    Crash.await("the last one's end to be told", () -> Inside.groups(queue) == 0);
    Workers stopped = work(2, Thread::new);
    stopped.stop();
    stopped.stop();
    Crash.await("it ends by itself", () -> Inside.groups(queue) == 0);
  }

  @Test
  void handlerCanCloseItsOwnGroup() throws Exception {
    AtomicReference<Workers> group = new AtomicReference<>();
    CountDownLatch known = new CountDownLatch(1);
    CountDownLatch otherIn = new CountDownLatch(1);
    AtomicInteger otherDone = new AtomicInteger();
    group.set(
        queue.work(
            WorkOptions.workers(2).batch(1),
            payload -> {
              known.await();
              if (payload.equals("other")) {
                otherIn.countDown();
                TimeUnit.MILLISECONDS.sleep(100);
                otherDone.incrementAndGet();
              } else {
                otherIn.await();
                group.get().close();
                seen.add("closed after " + otherDone.get());
              }
            }));
    known.countDown();
    queue.submitAll(List.of("other", "closer"));
    assertThat(seen.poll(60, TimeUnit.SECONDS)).isEqualTo("closed after 1");
    Crash.await("the group has ended", () -> Inside.groups(queue) == 0);
    assertThat(queue.status().totals().acked()).isEqualTo(2);
  }

  /** Each waits for the others, and nobody for those that wait. */
  @Test
  void allHandlersCanCloseTheirGroupAtOnce() throws Exception {
    AtomicReference<Workers> group = new AtomicReference<>();
    CyclicBarrier together = new CyclicBarrier(4);
    group.set(
        queue.work(
            WorkOptions.workers(3).batch(1),
            payload -> {
              together.await();
              group.get().close();
              seen.add(payload);
            }));
    queue.submitAll(List.of("a", "b", "c"));
    together.await();
    for (int i = 0; i < 3; i++) {
      assertThat(seen.poll(60, TimeUnit.SECONDS)).isNotNull();
    }
    Crash.await("the group has ended", () -> Inside.groups(queue) == 0);
  }

  @Test
  void interruptEndsTheWaitForAGroup() throws Exception {
    CountDownLatch in = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    Workers workers =
        queue.work(
            1,
            payload -> {
              in.countDown();
              release.await();
            });
    queue.submit("a");
    in.await();
    Thread.currentThread().interrupt();
    workers.close();
    assertThat(Thread.interrupted()).isTrue();
    release.countDown();
    workers.close();
    assertThat(queue.status().totals().acked()).isEqualTo(1);
  }

  @Test
  void handlerErrorsOfEveryKindFailTheJobOnly() {
    List<Throwable> thrown =
        List.of(
            new OutOfMemoryError("heap"),
            new StackOverflowError(),
            new NoClassDefFoundError("com/example/Gone"),
            new ThreadDeath(),
            new AssertionError("no"),
            new RuntimeException() {
              @Override
              public String getMessage() {
                throw new StackOverflowError();
              }
            });
    JobQueue<String> once =
        bobbin.queue(
            "once",
            Codec.text(),
            QueueOptions.defaults().withRingBytes(256 << 10).withRetry(RetryPolicy.never()));
    once.work(
        1,
        payload -> {
          Throwable error = thrown.get(Integer.parseInt(payload));
          if (error instanceof Error e) {
            throw e;
          }
          throw (RuntimeException) error;
        });
    for (int i = 0; i < thrown.size(); i++) {
      once.submit(String.valueOf(i));
    }
    assertThat(once.awaitIdle(LONG)).isTrue();
    assertThat(once.deadLetters().list(99))
        .extracting(DeadLetter::reason)
        .containsExactly(
            "java.lang.OutOfMemoryError: heap",
            "java.lang.StackOverflowError",
            "java.lang.NoClassDefFoundError: com/example/Gone",
            "java.lang.ThreadDeath",
            "java.lang.AssertionError: no",
            thrown.get(5).getClass().getName());
    assertThat(once.status().failure()).isEmpty();
  }
}
