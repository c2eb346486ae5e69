package dev.bobbin.internal.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Who runs this process, by number: a container often has no name for it. */
final class ProcessUser {
  static final long ROOT = 0;

  /** The system does not tell. */
  static final long UNKNOWN = -1;

  /** Real, effective, saved and file system's; new files belong to the last. */
  private static final Pattern UIDS =
      Pattern.compile("(?m)^Uid:\\s+\\d+\\s+\\d+\\s+\\d+\\s+(\\d{1,10})$");

  private static final long UID = find();

  private ProcessUser() {}

  static long uid() {
    return UID;
  }

  private static long find() {
    try {
      Path status = Path.of("/proc/self/status");
      if (Files.exists(status)) {
        Matcher uids = UIDS.matcher(Files.readString(status));
        return uids.find() ? Long.parseLong(uids.group(1)) : UNKNOWN;
      }
      return ofNewFile();
    } catch (IOException | UnsupportedOperationException e) {
      return UNKNOWN;
    }
  }

  /** Whose a new file is, where there is no {@code /proc}. */
  private static long ofNewFile() throws IOException {
    Path file = Files.createTempFile("bobbin-", ".user");
    try {
      return file.getFileSystem().supportedFileAttributeViews().contains("unix")
          ? FileGuard.uid(file)
          : UNKNOWN;
    } finally {
      Files.delete(file);
    }
  }
}
