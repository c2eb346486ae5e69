package dev.bobbin.benchmarks.peer;

import dev.bobbin.benchmarks.transport.Load;
import dev.bobbin.benchmarks.transport.Peer;
import dev.bobbin.benchmarks.transport.Producer;
import dev.bobbin.benchmarks.transport.Receiver;
import dev.bobbin.benchmarks.transport.Transport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** beanstalkd with its write-ahead log; commands are sent many at a time. */
final class BeanstalkdPeer implements Peer {
  private @Nullable Server server;

  @Override
  public Map<String, String> settings() {
    return Map.of(
        "-b",
        "its write-ahead log, fsync every 50 ms (the default)",
        "-z",
        "the size of a job",
        "submits",
        "put, answers awaited for " + Linger.words(),
        "taken by",
        "as many reserves at once as a batch has jobs",
        "acks of jobs",
        "delete, answers awaited for each batch");
  }

  /** Each has a server of its own: what it wrote cannot be removed while it runs. */
  @Override
  public Transport open(Load load, Path directory) throws IOException, InterruptedException {
    close();
    int port = Server.freePort();
    Path log = Files.createDirectory(directory.resolve("log"));
    server =
        Server.start(
                directory.resolve("beanstalkd.log"),
                Server.program("beanstalkd"),
                "-l",
                Server.HOST,
                "-p",
                Integer.toString(port),
                "-b",
                log.toString(),
                "-z",
                Integer.toString(Math.max(65535, load.payloadBytes())))
            .await(port);
    return new Open(server, port, load.batch());
  }

  @Override
  public List<ProcessHandle> servers() {
    return server == null ? List.of() : server.processes();
  }

  @Override
  public void close() {
    if (server != null) {
      server.close();
    }
  }

  private static final class Open implements Transport {
    private final Server server;
    private final int port;
    private final int batch;
    private final WorkerThreads workers = new WorkerThreads();
    private final List<BeanstalkdClient> clients = new ArrayList<>();

    Open(Server server, int port, int batch) {
      this.server = server;
      this.port = port;
      this.batch = batch;
    }

    @Override
    public void start(List<Receiver> receivers) {
      workers.start(receivers, this::work);
    }

    private void work(Receiver receiver) throws IOException {
      try (BeanstalkdClient client = new BeanstalkdClient(port)) {
        while (!workers.stopping()) {
          client.deleteAll(client.reserve(batch, receiver::handle));
        }
      }
    }

    @Override
    public Producer producer() throws IOException {
      BeanstalkdClient client = new BeanstalkdClient(port);
      clients.add(client);
      return new LingeringProducer(client::put, client::awaitInserted);
    }

    @Override
    public void close() throws IOException {
      try {
        workers.stop(false);
        for (BeanstalkdClient client : clients) {
          client.close();
        }
      } finally {
        server.close();
      }
    }
  }
}
