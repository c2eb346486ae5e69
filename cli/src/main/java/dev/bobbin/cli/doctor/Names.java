package dev.bobbin.cli.doctor;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Folders among the queues' that are no queue's: what lies there nobody looks at. */
final class Names {
  private Names() {}

  static Optional<Finding> look(Site site) {
    List<Path> others = site.otherFolders();
    return others.isEmpty()
        ? Optional.empty()
        : Optional.of(
            Finding.warn(
                "names",
                "no queue can be called as is " + site.name(others),
                "no program and no command opens it: a queue's name matches "
                    + Site.QUEUE_NAME
                    + ". Give it its name back, or move it away"));
  }
}
