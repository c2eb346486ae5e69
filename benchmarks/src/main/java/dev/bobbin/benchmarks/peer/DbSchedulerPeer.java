package dev.bobbin.benchmarks.peer;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerBuilder;
import com.github.kagkarlsson.scheduler.serializer.Serializer;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.zaxxer.hikari.HikariDataSource;
import dev.bobbin.benchmarks.transport.Producer;
import dev.bobbin.benchmarks.transport.Receiver;
import dev.bobbin.benchmarks.transport.Transport;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** db-scheduler: each job is a one-time task, a row that is deleted when it is done. */
final class DbSchedulerPeer extends DatabasePeer {
  private static final int THREADS = 50;
  private static final int CONNECTIONS = THREADS + 10;
  private static final Duration POLL = Duration.ofMillis(100);
  private static final double LOWER = 0.5;
  private static final double UPPER = 4;

  private static final List<String> INDEXES =
      List.of(
          "create index execution_time_idx on scheduled_tasks (execution_time)",
          "create index last_heartbeat_idx on scheduled_tasks (last_heartbeat)");

  private final boolean postgres;

  DbSchedulerPeer(boolean postgres) {
    super(postgres, CONNECTIONS);
    this.postgres = postgres;
  }

  @Override
  void addSettings(Map<String, String> all) {
    all.put("threads", Integer.toString(THREADS));
    all.put("pollingInterval", POLL.toString());
    all.put(
        "polling strategy",
        (postgres ? "lock and fetch, " : "fetch and lock on execute, ") + LOWER + ", " + UPPER);
    all.put("serializer", "none: the data are bytes");
    all.put("submits", "scheduleBatch of " + Linger.words());
  }

  @Override
  Transport open(HikariDataSource pool) throws SQLException {
    return new Open(pool);
  }

  /** What it keeps is what it was given. */
  private static final class Bytes implements Serializer {
    @Override
    public byte[] serialize(Object data) {
      return (byte[]) data;
    }

    @Override
    public <T> T deserialize(Class<T> type, byte[] data) {
      return type.cast(data);
    }
  }

  private final class Open implements Transport {
    private final HikariDataSource connections;
    private final ManyThreads threads = new ManyThreads();
    private final OneTimeTask<byte[]> task =
        Tasks.oneTime("job", byte[].class)
            .execute((instance, context) -> threads.handle(instance.getData()));
    private final Scheduler scheduler;
    private int producers;

    Open(HikariDataSource connections) throws SQLException {
      this.connections = connections;
      createTable();
      SchedulerBuilder builder =
          Scheduler.create(connections, task)
              .serializer(new Bytes())
              .threads(THREADS)
              .pollingInterval(POLL);
      scheduler =
          (postgres
                  ? builder.pollUsingLockAndFetch(LOWER, UPPER)
                  : builder.pollUsingFetch(LOWER, UPPER))
              .build();
    }

    /** As its documents define it. */
    private void createTable() throws SQLException {
      String text = postgres ? "text" : "varchar(100)";
      try (Connection connection = connections.getConnection();
          Statement statement = connection.createStatement()) {
        statement.execute(
            "create table scheduled_tasks (task_name "
                + text
                + " not null, task_instance "
                + text
                + " not null, task_data "
                + (postgres ? "bytea" : "blob")
                + ", execution_time timestamp with time zone, picked boolean not null, picked_by "
                + text
                + ", last_success timestamp with time zone, last_failure timestamp with time zone,"
                + " consecutive_failures int, last_heartbeat timestamp with time zone,"
                + " version bigint not null, priority smallint, state "
                + text
                + ", primary key (task_name, task_instance))");
        for (String index : INDEXES) {
          statement.execute(index);
        }
      }
    }

    @Override
    public void start(List<Receiver> receivers) {
      threads.start(receivers);
      scheduler.start();
    }

    @Override
    public Producer producer() {
      String prefix = producers++ + "-";
      Linger linger = new Linger();
      List<TaskInstance<?>> held = new ArrayList<>();
      return new Producer() {
        private long number;

        @Override
        public void send(byte[] payload) throws InterruptedException {
          if (!threads.hasRoom()) {
            flush();
            threads.awaitRoom();
          }
          held.add(task.instance(prefix + number++, payload.clone()));
          if (linger.add()) {
            flush();
          }
        }

        @Override
        public void flush() {
          if (!held.isEmpty()) {
            linger.flush(() -> scheduler.scheduleBatch(held, Instant.now()));
            held.clear();
          }
        }
      };
    }

    @Override
    public void close() {
      scheduler.stop();
      connections.close();
    }
  }
}
