package dev.bobbin.benchmarks.peer;

import java.util.List;

/** What jobs go through beside this process: a server, or some. Closing it ends them. */
interface Broker extends AutoCloseable {
  List<ProcessHandle> processes();

  @Override
  void close();
}
