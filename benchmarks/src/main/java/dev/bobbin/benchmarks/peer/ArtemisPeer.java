package dev.bobbin.benchmarks.peer;

import dev.bobbin.benchmarks.transport.Load;
import dev.bobbin.benchmarks.transport.Peer;
import dev.bobbin.benchmarks.transport.Producer;
import dev.bobbin.benchmarks.transport.Receiver;
import dev.bobbin.benchmarks.transport.Transport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.apache.activemq.artemis.api.core.QueueConfiguration;
import org.apache.activemq.artemis.api.core.RoutingType;
import org.apache.activemq.artemis.api.core.client.ActiveMQClient;
import org.apache.activemq.artemis.api.core.client.ClientConsumer;
import org.apache.activemq.artemis.api.core.client.ClientMessage;
import org.apache.activemq.artemis.api.core.client.ClientProducer;
import org.apache.activemq.artemis.api.core.client.ClientSession;
import org.apache.activemq.artemis.api.core.client.ClientSessionFactory;
import org.apache.activemq.artemis.api.core.client.ServerLocator;
import org.apache.activemq.artemis.core.config.Configuration;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.server.JournalType;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;
import org.apache.activemq.artemis.core.settings.impl.AddressFullMessagePolicy;
import org.apache.activemq.artemis.core.settings.impl.AddressSettings;

/** ActiveMQ Artemis in this process, durable, with transactions of many jobs. */
final class ArtemisPeer implements Peer {
  private static final String URL = "vm://0";
  private static final String QUEUE = "jobs";
  private static final int JOURNAL_FILES = 10;
  private static final long ROOM_BYTES = 64 << 20;
  private static final int WINDOW_BYTES = 4 << 20;

  @Override
  public Map<String, String> settings() {
    return Map.ofEntries(
        Map.entry("journal-type", "NIO"),
        Map.entry("journal-min-files, journal-pool-files", Integer.toString(JOURNAL_FILES)),
        Map.entry("max-size-bytes, address-full-policy", ROOM_BYTES + ", BLOCK"),
        Map.entry("max-disk-usage", "-1"),
        Map.entry("producerWindowSize, consumerWindowSize", Integer.toString(WINDOW_BYTES)),
        Map.entry("blockOnDurableSend", "false: the commit waits"),
        Map.entry("client", "core, in the same JVM"),
        Map.entry("submits", "durable, a transaction for " + Linger.words()),
        Map.entry("acks of jobs", "each, a transaction for each batch"));
  }

  @Override
  public Transport open(Load load, Path directory) throws Exception {
    Configuration configuration =
        new ConfigurationImpl()
            .setPersistenceEnabled(true)
            .setSecurityEnabled(false)
            .setJMXManagementEnabled(false)
            .setJournalType(JournalType.NIO)
            .setJournalMinFiles(JOURNAL_FILES)
            .setJournalPoolFiles(JOURNAL_FILES)
            .setJournalDirectory(directory.resolve("journal").toString())
            .setBindingsDirectory(directory.resolve("bindings").toString())
            .setLargeMessagesDirectory(directory.resolve("large").toString())
            .setPagingDirectory(directory.resolve("paging").toString())
            .setMaxDiskUsage(-1)
            .addAcceptorConfiguration("vm", URL)
            .addAddressSetting(
                "#",
                new AddressSettings()
                    .setMaxSizeBytes(ROOM_BYTES)
                    .setAddressFullMessagePolicy(AddressFullMessagePolicy.BLOCK));
    EmbeddedActiveMQ server = new EmbeddedActiveMQ().setConfiguration(configuration);
    server.start();
    return new Open(server, load);
  }

  private static final class Open implements Transport {
    private final EmbeddedActiveMQ server;
    private final int batch;
    private final ServerLocator locator;
    private final ClientSessionFactory factory;
    private final WorkerThreads workers = new WorkerThreads();

    Open(EmbeddedActiveMQ server, Load load) throws Exception {
      this.server = server;
      batch = load.batch();
      locator =
          ActiveMQClient.createServerLocator(URL)
              .setProducerWindowSize(WINDOW_BYTES)
              .setConsumerWindowSize(WINDOW_BYTES)
              .setBlockOnDurableSend(false)
              // Acks go with the transaction.
              .setAckBatchSize(WINDOW_BYTES);
      factory = locator.createSessionFactory();
      try (ClientSession session = factory.createSession()) {
        session.createQueue(
            QueueConfiguration.of(QUEUE).setRoutingType(RoutingType.ANYCAST).setDurable(true));
      }
    }

    private ClientSession transacted() throws ActiveMQException {
      return factory.createSession(false, false);
    }

    @Override
    public void start(List<Receiver> receivers) {
      workers.start(receivers, this::work);
    }

    private void work(Receiver receiver) throws ActiveMQException {
      try (ClientSession session = transacted();
          ClientConsumer consumer = session.createConsumer(QUEUE)) {
        session.start();
        while (!workers.stopping()) {
          ClientMessage message = consumer.receive(100);
          if (message == null) {
            continue;
          }
          for (int i = 1; ; i++) {
            byte[] job = new byte[message.getBodySize()];
            message.getBodyBuffer().readBytes(job);
            receiver.handle(job);
            message.acknowledge();
            message = i == batch ? null : consumer.receiveImmediate();
            if (message == null) {
              break;
            }
          }
          session.commit();
        }
      }
    }

    @Override
    public Producer producer() throws ActiveMQException {
      ClientSession session = transacted();
      ClientProducer producer = session.createProducer(QUEUE);
      return new LingeringProducer(
          payload -> {
            ClientMessage message = session.createMessage(true);
            message.getBodyBuffer().writeBytes(payload);
            producer.send(message);
          },
          jobs -> session.commit());
    }

    @Override
    public void close() throws IOException {
      try {
        workers.stop(false);
      } finally {
        stopServer();
      }
    }

    private void stopServer() throws IOException {
      factory.close();
      locator.close();
      try {
        server.stop();
      } catch (Exception e) {
        throw new IOException(e);
      }
    }
  }
}
