package dev.bobbin.torture.interrupts;

import static dev.bobbin.torture.interrupts.Call.to;

import dev.bobbin.Bobbin;
import dev.bobbin.Codec;
import dev.bobbin.JobQueue;
import dev.bobbin.Maintenance;
import dev.bobbin.RepairOptions;
import java.time.Duration;
import java.util.List;

/** Opening, closing and looking after directories. */
final class DirectoryCalls {
  private DirectoryCalls() {}

  static List<Call> all() {
    return List.of(
        to(
            "Bobbin.open(Path); Bobbin.close()",
            (ground, random) -> Bobbin.open(ground.side).close()),
        to(
            "Bobbin.open(Path)",
            (ground, random) -> Bobbin.open(ground.nextNewSide(random.nextInt(8))).close()),
        to(
            "Bobbin.openExisting(Path); Bobbin.close(Duration)",
            (ground, random) -> Bobbin.openExisting(ground.side).close(Duration.ofSeconds(30))),
        to(
            "Bobbin.inMemory(); Bobbin.queue(String,Codec); Bobbin.close()",
            (ground, random) -> {
              try (Bobbin bobbin = Bobbin.inMemory()) {
                bobbin.queue("small", Codec.text(), Ground.SMALL).submit("one");
              }
            }),
        to(
            "Bobbin.queue(String,Codec,QueueOptions); JobQueue.close()",
            (ground, random) -> {
              JobQueue<String> more =
                  ground.bobbin().queue("more" + random.nextInt(2), Codec.text(), Ground.SMALL);
              more.trySubmit("one");
              more.close();
            }),
        to("Bobbin.queueNames()", (ground, random) -> ground.bobbin().queueNames()),
        to("Bobbin.storedQueue(String)", (ground, random) -> ground.bobbin().storedQueue("main")),
        to("Bobbin.close()", (ground, random) -> ground.closeBobbin(Bobbin::close, false)),
        to(
            "Bobbin.close(Duration)",
            (ground, random) -> ground.closeBobbin(bobbin -> bobbin.close(Duration.ZERO), true)),
        to("Maintenance.verify(Path)", (ground, random) -> Maintenance.verify(ground.side)),
        to(
            "Maintenance.verify(Path,MaintenanceListener)",
            (ground, random) -> Maintenance.verify(ground.side, (queue, done, all) -> {})),
        to(
            "Maintenance.repair(Path,RepairOptions)",
            (ground, random) ->
                Maintenance.repair(
                    ground.side, RepairOptions.defaults().withDryRun(random.nextBoolean()))));
  }
}
