package dev.bobbin.benchmarks.peer;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.Delivery;
import com.rabbitmq.client.MessageProperties;
import dev.bobbin.benchmarks.transport.Load;
import dev.bobbin.benchmarks.transport.Peer;
import dev.bobbin.benchmarks.transport.Producer;
import dev.bobbin.benchmarks.transport.Receiver;
import dev.bobbin.benchmarks.transport.Transport;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** RabbitMQ: a durable classic queue, persistent messages, confirms and acks for many at a time. */
final class RabbitPeer implements Peer {
  private static final AMQP.BasicProperties PERSISTENT = MessageProperties.MINIMAL_PERSISTENT_BASIC;

  private @Nullable RabbitBroker broker;
  private int opened;

  @Override
  public Map<String, String> settings() {
    return Map.of(
        "queue",
        "classic, durable, persistent messages",
        "confirms",
        "awaited for " + Linger.words(),
        "prefetch",
        "4 batches",
        "acks of jobs",
        "multiple, for each batch",
        "connections",
        "one that publishes, one that consumes");
  }

  @Override
  public Transport open(Load load, Path directory)
      throws IOException, InterruptedException, TimeoutException {
    if (broker == null) {
      broker = new RabbitBroker(directory.resolveSibling("rabbitmq"));
    }
    return new Open(broker, "jobs-" + opened++, load.batch());
  }

  @Override
  public List<ProcessHandle> servers() {
    return broker == null ? List.of() : broker.processes();
  }

  @Override
  public void close() {
    if (broker != null) {
      broker.close();
    }
  }

  private static final class Open implements Transport {
    private final String queue;
    private final int batch;

    /** Apart: the broker makes a connection wait that publishes too much, its acks too. */
    private final Connection publishing;

    private final Connection consuming;
    private final WorkerThreads workers = new WorkerThreads();

    Open(RabbitBroker broker, String queue, int batch) throws IOException, TimeoutException {
      this.queue = queue;
      this.batch = batch;
      publishing = broker.connect();
      consuming = broker.connect();
      try (Channel channel = consuming.createChannel()) {
        channel.queueDeclare(queue, true, false, false, Map.of());
      }
    }

    @Override
    public void start(List<Receiver> receivers) {
      workers.start(receivers, this::work);
    }

    private void work(Receiver receiver) throws IOException, InterruptedException {
      Channel channel = consuming.createChannel();
      LinkedBlockingQueue<Delivery> arrived = new LinkedBlockingQueue<>();
      channel.basicQos(4 * batch);
      channel.basicConsume(queue, false, (tag, delivery) -> arrived.add(delivery), tag -> {});
      List<Delivery> taken = new ArrayList<>();
      while (!workers.stopping()) {
        Delivery first = arrived.poll(100, TimeUnit.MILLISECONDS);
        if (first == null) {
          continue;
        }
        taken.add(first);
        arrived.drainTo(taken, batch - 1);
        for (Delivery job : taken) {
          receiver.handle(job.getBody());
        }
        channel.basicAck(taken.get(taken.size() - 1).getEnvelope().getDeliveryTag(), true);
        taken.clear();
      }
    }

    @Override
    public Producer producer() throws IOException {
      Channel channel = publishing.createChannel();
      channel.confirmSelect();
      Linger linger = new Linger();
      return new Producer() {
        @Override
        public void send(byte[] payload) throws IOException {
          channel.basicPublish("", queue, PERSISTENT, payload);
          if (linger.add()) {
            flush();
          }
        }

        @Override
        public void flush() throws IOException {
          linger.flush(this::confirm);
        }

        private void confirm() throws IOException {
          try {
            channel.waitForConfirmsOrDie();
          } catch (InterruptedException e) {
            throw new InterruptedIOException();
          }
        }
      };
    }

    @Override
    public void close() throws IOException {
      workers.stop(false);
      try (Channel channel = consuming.createChannel()) {
        channel.queueDelete(queue);
      } catch (TimeoutException e) {
        throw new IOException(e);
      } finally {
        publishing.close();
        consuming.close();
      }
    }
  }

  /** A connection to a broker at this port. */
  static ConnectionFactory factory(int port) {
    ConnectionFactory factory = new ConnectionFactory();
    factory.setHost(Server.HOST);
    factory.setPort(port);
    return factory;
  }
}
