package dev.bobbin.benchmarks.peer;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** A connection to beanstalkd that sends many commands before it reads their answers. */
final class BeanstalkdClient implements AutoCloseable {
  private static final int BUFFER_BYTES = 256 << 10;

  /** Priority, delay and time to run in seconds. */
  private static final String PUT = "put 0 0 600 ";

  private static final byte[] END = "\r\n".getBytes(US_ASCII);

  private final Socket socket;
  private final DataInputStream in;
  private final OutputStream out;

  BeanstalkdClient(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), BUFFER_BYTES));
    out = new BufferedOutputStream(socket.getOutputStream(), BUFFER_BYTES);
  }

  /** Its answer is still to be awaited. */
  void put(byte[] job) throws IOException {
    command(PUT + job.length);
    out.write(job);
    out.write(END);
  }

  void awaitInserted(int count) throws IOException {
    out.flush();
    for (int i = 0; i < count; i++) {
      expect("INSERTED");
    }
  }

  /**
   * Gives {@code most} jobs at most to the handler, waits a second for the first, and returns the
   * ids.
   */
  List<String> reserve(int most, Consumer<byte[]> handler) throws IOException {
    command("reserve-with-timeout 1");
    for (int i = 1; i < most; i++) {
      command("reserve-with-timeout 0");
    }
    out.flush();
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < most; i++) {
      String[] words = line().split(" ", -1);
      if (words[0].equals("RESERVED")) {
        byte[] job = new byte[Integer.parseInt(words[2])];
        in.readFully(job);
        in.readShort(); // the line's end
        handler.accept(job);
        ids.add(words[1]);
      } else if (!words[0].equals("TIMED_OUT")) {
        throw new IOException("expected a job, found " + String.join(" ", words));
      }
    }
    return ids;
  }

  void deleteAll(List<String> ids) throws IOException {
    for (String id : ids) {
      command("delete " + id);
    }
    out.flush();
    for (int i = 0; i < ids.size(); i++) {
      expect("DELETED");
    }
  }

  private void command(String words) throws IOException {
    out.write(words.getBytes(US_ASCII));
    out.write(END);
  }

  private void expect(String word) throws IOException {
    String line = line();
    if (!line.startsWith(word)) {
      throw new IOException("expected " + word + ", found " + line);
    }
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c; (c = in.readUnsignedByte()) != '\r'; ) {
      line.append((char) c);
    }
    in.readUnsignedByte();
    return line.toString();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
