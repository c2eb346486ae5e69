package dev.bobbin.torture.interrupts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bobbin.Bobbin;
import dev.bobbin.DeadLetters;
import dev.bobbin.JobQueue;
import dev.bobbin.Lease;
import dev.bobbin.LeasedJob;
import dev.bobbin.Maintenance;
import dev.bobbin.Workers;
import dev.bobbin.torture.Slice;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class InterruptsTest {
  private static final List<Class<?>> FACES =
      List.of(
          Bobbin.class,
          JobQueue.class,
          Workers.class,
          Lease.class,
          LeasedJob.class,
          DeadLetters.class,
          Maintenance.class);

  /** What reads fields and waits for nothing; none of it takes a lock or asks another thread. */
  private static final Set<String> NOT_BLOCKING =
      Set.of(
          "Bobbin.capabilities()",
          "JobQueue.name()",
          "JobQueue.recovery()",
          "JobQueue.deadLetters()",
          "Lease.size()",
          "Lease.isEmpty()",
          "Lease.job(int)",
          "Lease.unsettled()",
          "Lease.token()",
          "DeadLetters.count()");

  /** What only calls another method with one argument more. */
  private static final Set<String> SHORT_FORMS = Set.of("Bobbin.queue(String,Codec)");

  @Test
  void everyCallIsInterrupted() {
    Slice.run("interrupts", "--interrupts", "1000");
  }

  @Test
  void campaignCallsEveryPublicMethodThatCouldWait() {
    Set<String> methods =
        FACES.stream()
            .flatMap(face -> Arrays.stream(face.getDeclaredMethods()))
            .filter(method -> Modifier.isPublic(method.getModifiers()) && !method.isSynthetic())
            .map(InterruptsTest::describe)
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> known =
        Stream.of(
                Call.all().stream().flatMap(call -> call.covers().stream()),
                NOT_BLOCKING.stream(),
                SHORT_FORMS.stream())
            .flatMap(names -> names)
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(known).isEqualTo(methods);
  }

  private static String describe(Method method) {
    return method.getDeclaringClass().getSimpleName()
        + "."
        + method.getName()
        + Arrays.stream(method.getParameterTypes())
            .map(Class::getSimpleName)
            .collect(Collectors.joining(",", "(", ")"));
  }
}
