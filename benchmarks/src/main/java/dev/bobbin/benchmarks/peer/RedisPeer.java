package dev.bobbin.benchmarks.peer;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.bobbin.benchmarks.transport.Load;
import dev.bobbin.benchmarks.transport.Producer;
import dev.bobbin.benchmarks.transport.Receiver;
import dev.bobbin.benchmarks.transport.Transport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.StreamEntryID;
import redis.clients.jedis.params.XAddParams;
import redis.clients.jedis.params.XReadGroupParams;
import redis.clients.jedis.resps.StreamEntryBinary;

/** A Redis stream with a consumer group; jobs that are acked are deleted. */
final class RedisPeer extends BrokerPeer<Server> {
  private static final byte[] GROUP = "workers".getBytes(UTF_8);
  private static final byte[] FIELD = "job".getBytes(UTF_8);
  private static final int BLOCK_MILLIS = 100;

  private int port;

  @Override
  public Map<String, String> settings() {
    return Map.of(
        "appendonly",
        "yes",
        "appendfsync",
        "everysec",
        "save",
        "none",
        "submits",
        "XADD, a pipeline for " + Linger.words(),
        "taken by",
        "XREADGROUP COUNT batch BLOCK " + BLOCK_MILLIS,
        "acks of jobs",
        "XACK and XDEL of each batch, in a pipeline");
  }

  @Override
  Server start(Path home) throws IOException, InterruptedException {
    port = Server.freePort();
    return Server.start(
            home.resolve("redis.log"),
            Server.program("redis-server"),
            "--bind",
            Server.HOST,
            "--port",
            Integer.toString(port),
            "--dir",
            home.toString(),
            "--appendonly",
            "yes",
            "--appendfsync",
            "everysec",
            "--save",
            "")
        .await(this::ping);
  }

  private void ping() {
    try (Jedis jedis = new Jedis(Server.HOST, port)) {
      jedis.ping();
    }
  }

  @Override
  Transport open(Server server, String name, Load load) {
    return new Open(port, name.getBytes(UTF_8), load.batch());
  }

  private static final class Open implements Transport {
    private final int port;
    private final byte[] stream;
    private final XReadGroupParams take;
    private final AtomicInteger names = new AtomicInteger();
    private final WorkerThreads workers = new WorkerThreads();
    private final List<Jedis> connections = new ArrayList<>();

    Open(int port, byte[] stream, int batch) {
      this.port = port;
      this.stream = stream;
      take = XReadGroupParams.xReadGroupParams().count(batch).block(BLOCK_MILLIS);
      try (Jedis jedis = new Jedis(Server.HOST, port)) {
        jedis.xgroupCreate(stream, GROUP, "0".getBytes(UTF_8), true);
      }
    }

    @Override
    public void start(List<Receiver> receivers) {
      workers.start(receivers, this::work);
    }

    private void work(Receiver receiver) {
      byte[] name = ("worker-" + names.getAndIncrement()).getBytes(UTF_8);
      Map<byte[], StreamEntryID> from = Map.of(stream, StreamEntryID.XREADGROUP_UNDELIVERED_ENTRY);
      try (Jedis jedis = new Jedis(Server.HOST, port);
          Pipeline acks = jedis.pipelined()) {
        while (!workers.stopping()) {
          var found = jedis.xreadGroupBinary(GROUP, name, take, from);
          if (found == null) {
            continue;
          }
          for (var streams : found) {
            List<StreamEntryBinary> jobs = streams.getValue();
            byte[][] ids = new byte[jobs.size()][];
            for (int i = 0; i < ids.length; i++) {
              // Its map finds an array by what is in it.
              receiver.handle(Objects.requireNonNull(jobs.get(i).getFields().get(FIELD)));
              ids[i] = jobs.get(i).getID().toString().getBytes(UTF_8);
            }
            acks.xack(stream, GROUP, ids);
            acks.xdel(stream, ids);
            acks.sync();
          }
        }
      }
    }

    @Override
    public Producer producer() {
      Jedis jedis = new Jedis(Server.HOST, port);
      connections.add(jedis);
      Pipeline pipeline = jedis.pipelined();
      XAddParams params = XAddParams.xAddParams();
      return new LingeringProducer(
          payload -> pipeline.xadd(stream, params, Map.of(FIELD, payload)), jobs -> sync(pipeline));
    }

    private static void sync(Pipeline pipeline) {
      for (Object answer : pipeline.syncAndReturnAll()) {
        if (answer instanceof RuntimeException e) {
          throw e;
        }
      }
    }

    @Override
    public void close() {
      workers.stop(false);
      connections.forEach(Jedis::close);
      try (Jedis jedis = new Jedis(Server.HOST, port)) {
        jedis.del(stream);
      }
    }
  }
}
