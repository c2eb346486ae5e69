package dev.bobbin.benchmarks.peer;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.Delivery;
import com.rabbitmq.client.MessageProperties;
import dev.bobbin.benchmarks.transport.Load;
import dev.bobbin.benchmarks.transport.Producer;
import dev.bobbin.benchmarks.transport.Receiver;
import dev.bobbin.benchmarks.transport.Transport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** RabbitMQ: a durable classic queue, persistent messages, confirms and acks for many at a time. */
final class RabbitPeer extends BrokerPeer<RabbitBroker> {
  private static final AMQP.BasicProperties PERSISTENT = MessageProperties.MINIMAL_PERSISTENT_BASIC;

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
  RabbitBroker start(Path home) throws IOException, InterruptedException {
    return new RabbitBroker(home);
  }

  @Override
  Transport open(RabbitBroker broker, String name, Load load) throws IOException, TimeoutException {
    return new Open(broker, name, load.batch());
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
      return new LingeringProducer(
          payload -> channel.basicPublish("", queue, PERSISTENT, payload),
          jobs -> channel.waitForConfirmsOrDie());
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
