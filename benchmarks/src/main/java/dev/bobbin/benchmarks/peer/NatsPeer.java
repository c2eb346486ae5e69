package dev.bobbin.benchmarks.peer;

import dev.bobbin.benchmarks.transport.Load;
import dev.bobbin.benchmarks.transport.Producer;
import dev.bobbin.benchmarks.transport.Receiver;
import dev.bobbin.benchmarks.transport.Transport;
import io.nats.client.Connection;
import io.nats.client.ConsumeOptions;
import io.nats.client.IterableConsumer;
import io.nats.client.JetStream;
import io.nats.client.JetStreamApiException;
import io.nats.client.Message;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.api.AckPolicy;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.PublishAck;
import io.nats.client.api.RetentionPolicy;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** NATS JetStream: a work queue in files, published to asynchronously, and a pull consumer. */
final class NatsPeer extends BrokerPeer<Server> {
  /** How many jobs are on their way to the server at most. */
  private static final int WINDOW = 4096;

  private static final int MOST_UNACKED = 100_000;
  private static final String WORKERS = "workers";

  private String address = "";

  @Override
  public Map<String, String> settings() {
    return Map.of(
        "stream",
        "file storage, work queue retention, one replica",
        "submits",
        "publishAsync, up to " + WINDOW + " unconfirmed",
        "taken by",
        "a durable pull consumer, batchSize 4 batches",
        "max_ack_pending",
        Integer.toString(MOST_UNACKED),
        "acks of jobs",
        "explicit, each");
  }

  @Override
  Server start(Path home) throws IOException, InterruptedException {
    int port = Server.freePort();
    address = "nats://" + Server.HOST + ":" + port;
    return Server.start(
            home.resolve("nats.log"),
            Server.program("nats-server"),
            "-js",
            "-a",
            Server.HOST,
            "-p",
            Integer.toString(port),
            "-sd",
            home.resolve("store").toString())
        .await(() -> Nats.connect(address).close());
  }

  @Override
  Transport open(Server server, String name, Load load)
      throws IOException, InterruptedException, JetStreamApiException {
    return new Open(address, name, load.batch());
  }

  @SuppressWarnings("try") // closing a connection may be interrupted
  private static final class Open implements Transport {
    private final String address;
    private final String stream;
    private final int batch;
    private final WorkerThreads workers = new WorkerThreads();
    private final List<Connection> connections = new ArrayList<>();

    Open(String address, String stream, int batch)
        throws IOException, InterruptedException, JetStreamApiException {
      this.address = address;
      this.stream = stream;
      this.batch = batch;
      try (Connection connection = connect()) {
        connection
            .jetStreamManagement()
            .addStream(
                StreamConfiguration.builder()
                    .name(stream)
                    .subjects(stream)
                    .storageType(StorageType.File)
                    .retentionPolicy(RetentionPolicy.WorkQueue)
                    .build());
        connection
            .jetStreamManagement()
            .addOrUpdateConsumer(
                stream,
                ConsumerConfiguration.builder()
                    .durable(WORKERS)
                    .ackPolicy(AckPolicy.Explicit)
                    .maxAckPending(MOST_UNACKED)
                    .build());
      }
    }

    private Connection connect() throws IOException, InterruptedException {
      return Nats.connect(
          Options.builder().server(address).maxMessagesInOutgoingQueue(2 * WINDOW).build());
    }

    @Override
    public void start(List<Receiver> receivers) {
      workers.start(receivers, this::work);
    }

    private void work(Receiver receiver) throws Exception {
      ConsumeOptions options = ConsumeOptions.builder().batchSize(4 * batch).build();
      try (Connection connection = connect();
          IterableConsumer consumer =
              connection.getStreamContext(stream).getConsumerContext(WORKERS).iterate(options)) {
        while (!workers.stopping()) {
          Message job = consumer.nextMessage(100);
          if (job != null) {
            receiver.handle(job.getData());
            job.ack();
          }
        }
      }
    }

    @Override
    public Producer producer() throws IOException, InterruptedException {
      Connection connection = connect();
      connections.add(connection);
      JetStream jetStream = connection.jetStream();
      ArrayDeque<CompletableFuture<PublishAck>> unconfirmed = new ArrayDeque<>();
      return new Producer() {
        @Override
        public void send(byte[] payload) throws InterruptedException, ExecutionException {
          if (unconfirmed.size() == WINDOW) {
            unconfirmed.remove().get();
          }
          // It is sent by a thread of the client's, later.
          unconfirmed.add(jetStream.publishAsync(stream, payload.clone()));
        }

        @Override
        public void flush() throws InterruptedException, ExecutionException {
          while (!unconfirmed.isEmpty()) {
            unconfirmed.remove().get();
          }
        }
      };
    }

    @Override
    public void close() throws IOException {
      workers.stop(false);
      try {
        for (Connection connection : connections) {
          connection.close();
        }
        try (Connection connection = connect()) {
          connection.jetStreamManagement().deleteStream(stream);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (JetStreamApiException e) {
        throw new IOException(e);
      }
    }
  }
}
