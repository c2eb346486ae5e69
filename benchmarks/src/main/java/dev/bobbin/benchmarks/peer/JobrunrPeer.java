package dev.bobbin.benchmarks.peer;

import com.zaxxer.hikari.HikariDataSource;
import dev.bobbin.benchmarks.transport.Producer;
import dev.bobbin.benchmarks.transport.Receiver;
import dev.bobbin.benchmarks.transport.Transport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jobrunr.configuration.JobRunr;
import org.jobrunr.jobs.lambdas.JobRequest;
import org.jobrunr.jobs.lambdas.JobRequestHandler;
import org.jobrunr.scheduling.JobRequestScheduler;
import org.jobrunr.server.BackgroundJobServerConfiguration;
import org.jobrunr.server.JobActivator;
import org.jobrunr.storage.sql.common.SqlStorageProviderFactory;
import org.jobrunr.utils.mapper.gson.GsonJsonMapper;

/** JobRunr: each job is a row of JSON, which it keeps when it is done. */
final class JobrunrPeer extends DatabasePeer {
  private static final int THREADS = 64;
  private static final int CONNECTIONS = THREADS + 10;

  /** It refuses less. */
  private static final Duration POLL = Duration.ofSeconds(5);

  JobrunrPeer(boolean postgres) {
    super(postgres, CONNECTIONS);
  }

  @Override
  void addSettings(Map<String, String> all) {
    all.put("workerCount", Integer.toString(THREADS));
    all.put("pollInterval", POLL.toString());
    all.put("payload", "Base64 in JSON (Gson)");
    all.put("submits", "enqueue of a stream of " + Linger.words());
  }

  @Override
  Transport open(HikariDataSource pool) {
    return new Open(pool);
  }

  /** A job, as it is stored. */
  public static final class Job implements JobRequest {
    private static final long serialVersionUID = 1;

    private String payload = "";

    /** For the JSON mapper. */
    public Job() {}

    Job(byte[] payload) {
      this.payload = Base64.getEncoder().encodeToString(payload);
    }

    @Override
    public Class<Handler> getJobRequestHandler() {
      return Handler.class;
    }
  }

  /** Runs jobs. */
  public static final class Handler implements JobRequestHandler<Job> {
    private final ManyThreads threads;

    Handler(ManyThreads threads) {
      this.threads = threads;
    }

    @Override
    public void run(Job job) {
      threads.handle(Base64.getDecoder().decode(job.payload));
    }
  }

  private static final class Open implements Transport {
    private final HikariDataSource connections;
    private final ManyThreads threads = new ManyThreads();
    private final JobRequestScheduler scheduler;

    Open(HikariDataSource connections) {
      this.connections = connections;
      Handler handler = new Handler(threads);
      scheduler =
          JobRunr.configure()
              .useJsonMapper(new GsonJsonMapper())
              .useStorageProvider(SqlStorageProviderFactory.using(connections))
              .useJobActivator(
                  new JobActivator() {
                    @Override
                    public <T> T activateJob(Class<T> type) {
                      return type.cast(handler);
                    }
                  })
              .useBackgroundJobServer(
                  BackgroundJobServerConfiguration.usingStandardBackgroundJobServerConfiguration()
                      .andWorkerCount(THREADS)
                      .andPollInterval(POLL),
                  false)
              .initialize()
              .getJobRequestScheduler();
    }

    @Override
    public void start(List<Receiver> receivers) {
      threads.start(receivers);
      JobRunr.getBackgroundJobServer().start();
    }

    @Override
    public Producer producer() {
      Linger linger = new Linger();
      List<Job> held = new ArrayList<>();
      return new Producer() {
        @Override
        public void send(byte[] payload) throws InterruptedException {
          if (!threads.hasRoom()) {
            flush();
            threads.awaitRoom();
          }
          held.add(new Job(payload));
          if (linger.add()) {
            flush();
          }
        }

        @Override
        public void flush() {
          if (!held.isEmpty()) {
            linger.flush(() -> scheduler.enqueue(held.stream()));
            held.clear();
          }
        }
      };
    }

    @Override
    public void close() {
      JobRunr.destroy();
      connections.close();
    }
  }
}
