package dev.bobbin.internal.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bobbin.internal.journal.Storage.StoredFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileStorageTest {
  @TempDir Path folder;

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void createdFileHasItsHeadAndZerosToItsEnd() throws IOException {
    int size = (3 << 20) + 17;
    try (StoredFile file = new FileStorage(folder).create("f", bytes("head"), size)) {
      assertThat(file.size()).isEqualTo(size);
      assertThat(file.name()).isEqualTo("f");
    }
    byte[] expected = Arrays.copyOf("head".getBytes(StandardCharsets.UTF_8), size);
    assertThat(Files.readAllBytes(folder.resolve("f"))).isEqualTo(expected);
    try (StoredFile file = new FileStorage(folder).createUnforced("g", 100)) {
      assertThat(file.size()).isEqualTo(100);
    }
    assertThat(new FileStorage(folder).list()).containsExactly("f", "g");
  }

  @Test
  void fileIsCreatedOverWhatALeftoverOfItHeld() throws IOException {
    Files.write(folder.resolve("f.tmp"), new byte[9_000]);
    new FileStorage(folder).create("f", bytes("head"), 10).close();
    assertThat(folder.resolve("f.tmp")).doesNotExist();
    assertThat(folder.resolve("f")).hasSize(10);
  }

  @Test
  void listDeletesLeftoversAndReadingOnlyDoesNot() throws IOException {
    Files.createFile(folder.resolve("a"));
    Files.createFile(folder.resolve("b.tmp"));
    assertThat(FileStorage.readOnly(folder).list()).containsExactly("a");
    assertThat(folder.resolve("b.tmp")).exists();
    assertThat(new FileStorage(folder).list()).containsExactly("a");
    assertThat(folder.resolve("b.tmp")).doesNotExist();
    assertThat(folder.resolve("a")).exists();
  }

  @Test
  void readingOnlyChangesNothing() throws IOException {
    new FileStorage(folder).create("f", bytes("head"), 10).close();
    FileStorage storage = FileStorage.readOnly(folder);
    assertThatThrownBy(() -> storage.create("g", bytes(""), 10))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> storage.delete("f")).isInstanceOf(IllegalStateException.class);
    try (StoredFile file = storage.open("f")) {
      assertThatThrownBy(() -> file.write(bytes("x"), 0)).isInstanceOf(RuntimeException.class);
      ByteBuffer read = ByteBuffer.allocate(4);
      file.read(read, 0);
      assertThat(read.flip()).isEqualTo(bytes("head"));
    }
  }

  @Test
  void readBeyondTheEndSaysWhere() throws IOException {
    try (StoredFile file = new FileStorage(folder).create("f", bytes("head"), 10)) {
      assertThatThrownBy(() -> file.read(ByteBuffer.allocate(8), 4))
          .isInstanceOf(IOException.class)
          .hasMessage("file f ends at 10, expected 2 bytes more");
    }
  }

  @Test
  void copyIsTheSameAndItsOwnersAlone() throws IOException {
    byte[] content = new byte[100_000];
    Arrays.fill(content, (byte) 7);
    Path from = Files.write(folder.resolve("from"), content);
    Path to = folder.resolve("to");
    FileStorage.copy(from, to);
    assertThat(to).hasBinaryContent(content);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(to)))
        .isEqualTo("rw-------");
    assertThatThrownBy(() -> FileStorage.copy(from, to))
        .isInstanceOf(FileAlreadyExistsException.class);
    Path empty = folder.resolve("empty");
    FileStorage.copy(Files.createFile(folder.resolve("nothing")), empty);
    assertThat(empty).isEmptyFile();
  }

  @Test
  void folderIsCreatedWithItsParentsAndMayBeThere() throws IOException {
    Path deep = folder.resolve("a/b/c");
    FileStorage.createFolder(deep);
    FileStorage.createFolder(deep);
    assertThat(deep).isDirectory();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("a"))))
        .isEqualTo("rwx------");
    Path file = Files.createFile(folder.resolve("file"));
    assertThatThrownBy(() -> FileStorage.createFolder(file))
        .isInstanceOf(FileAlreadyExistsException.class);
  }

  @Test
  void deletedFileIsGoneAndMayBeGoneBefore() throws IOException {
    FileStorage storage = new FileStorage(folder);
    storage.create("f", bytes(""), 10).close();
    storage.delete("f");
    storage.delete("f");
    assertThat(storage.list()).isEmpty();
    assertThat(storage.describe("f")).isEqualTo(folder.resolve("f").toString());
  }
}
