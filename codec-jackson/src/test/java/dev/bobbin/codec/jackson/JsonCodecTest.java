package dev.bobbin.codec.jackson;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bobbin.Codec;
import dev.bobbin.codec.jackson.Payloads.BigNumber;
import dev.bobbin.codec.jackson.Payloads.Counts;
import dev.bobbin.codec.jackson.Payloads.DemandingEmail;
import dev.bobbin.codec.jackson.Payloads.Email;
import dev.bobbin.codec.jackson.Payloads.Event;
import dev.bobbin.codec.jackson.Payloads.Everything;
import dev.bobbin.codec.jackson.Payloads.Item;
import dev.bobbin.codec.jackson.Payloads.LaterEmail;
import dev.bobbin.codec.jackson.Payloads.Node;
import dev.bobbin.codec.jackson.Payloads.Nothing;
import dev.bobbin.codec.jackson.Payloads.Paid;
import dev.bobbin.codec.jackson.Payloads.Point;
import dev.bobbin.codec.jackson.Payloads.RenamedEmail;
import dev.bobbin.codec.jackson.Payloads.Sent;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What goes in comes out, also by another version of the class or of Jackson. */
@ParameterizedClass
@EnumSource(Face.class)
class JsonCodecTest {
  @Parameter Face face;

  private static <T> T decode(Codec<T> codec, byte[] bytes) {
    return codec.decode(bytes, 0, bytes.length);
  }

  private static <T> T decode(Codec<T> codec, String json) {
    return decode(codec, json.getBytes(UTF_8));
  }

  private Face other() {
    return face == Face.JACKSON_3 ? Face.JACKSON_2 : Face.JACKSON_3;
  }

  @Test
  void writesPlainJson() {
    byte[] bytes = face.of(Email.class).encode(new Email("ada@example.org", "Hello"));
    assertThat(new String(bytes, UTF_8))
        .isIn(
            "{\"to\":\"ada@example.org\",\"subject\":\"Hello\"}",
            "{\"subject\":\"Hello\",\"to\":\"ada@example.org\"}");
  }

  @Test
  void everyKindOfPropertyComesOutAsItWentIn() {
    Codec<Everything> codec = face.of(Everything.class);
    assertThat(decode(codec, codec.encode(Everything.sample())))
        .usingRecursiveComparison()
        .isEqualTo(Everything.sample());
  }

  @Test
  void theOtherJacksonReadsWhatThisOneWrote() {
    byte[] bytes = face.of(Everything.class).encode(Everything.sample());
    assertThat(decode(other().of(Everything.class), bytes))
        .usingRecursiveComparison()
        .isEqualTo(Everything.sample());
  }

  @Test
  void readsInPlace() {
    byte[] json = "{\"to\":\"a\",\"subject\":\"b\"}".getBytes(UTF_8);
    byte[] frame = new byte[json.length + 20];
    java.util.Arrays.fill(frame, (byte) '}');
    System.arraycopy(json, 0, frame, 7, json.length);
    assertThat(face.of(Email.class).decode(frame, 7, json.length)).isEqualTo(new Email("a", "b"));
  }

  @Test
  void genericTypesKeepTheirElements() {
    Codec<List<Email>> codec = face.ofEmails();
    List<Email> emails = List.of(new Email("a", "b"), new Email("c", "d"));
    assertThat(decode(codec, codec.encode(emails))).isEqualTo(emails);
  }

  @Test
  void classesAreKnownByTheirConstructorsParameters() {
    Codec<Point> codec = face.of(Point.class);
    Point point = decode(codec, codec.encode(new Point(3, 4)));
    assertThat(List.of(point.getX(), point.getY())).containsExactly(3, 4);
  }

  @Test
  void subtypesGoByNamesOfTheirOwn() {
    Codec<Event> codec = face.of(Event.class);
    byte[] bytes = codec.encode(new Paid(100));
    assertThat(new String(bytes, UTF_8)).contains("\"event\":\"paid\"").doesNotContain("Payloads");
    assertThat(decode(codec, bytes)).isEqualTo(new Paid(100));
    assertThat(decode(codec, codec.encode(new Sent("a")))).isEqualTo(new Sent("a"));
  }

  @Test
  void recordWithoutComponentsIsAPayload() {
    Codec<Nothing> codec = face.of(Nothing.class);
    assertThat(decode(codec, codec.encode(new Nothing()))).isEqualTo(new Nothing());
  }

  @Test
  void textWorks() {
    Codec<String> text = face.of(String.class);
    assertThat(decode(text, text.encode("a"))).isEqualTo("a");
  }

  // ---- other versions of the class

  @Test
  void newerClassReadsWhatAnOlderOneWrote() {
    byte[] old = face.of(Email.class).encode(new Email("a", "b"));
    assertThat(decode(face.of(LaterEmail.class), old))
        .isEqualTo(new LaterEmail("a", "b", 0, false, null, null));
  }

  @Test
  void olderClassReadsWhatANewerOneWrote() {
    byte[] later =
        face.of(LaterEmail.class)
            .encode(new LaterEmail("a", "b", 3, true, "c", Payloads.Urgency.HIGH));
    assertThat(decode(face.of(Email.class), later)).isEqualTo(new Email("a", "b"));
  }

  @Test
  void renamedPropertyReadsItsOldName() {
    byte[] old = face.of(Email.class).encode(new Email("a", "b"));
    assertThat(decode(face.of(RenamedEmail.class), old)).isEqualTo(new RenamedEmail("a", "b"));
  }

  @Test
  void noValueForANumberIsZero() {
    assertThat(decode(face.of(Item.class), "{\"amount\":null}")).isEqualTo(new Item(0));
    assertThat(decode(face.of(Item.class), "{}")).isEqualTo(new Item(0));
  }

  @Test
  void enumConstantsGoByName() {
    Codec<LaterEmail> codec = face.of(LaterEmail.class);
    byte[] bytes = codec.encode(new LaterEmail("a", "b", 1, true, "c", Payloads.Urgency.HIGH));
    assertThat(new String(bytes, UTF_8)).contains("\"urgency\":\"HIGH\"");
  }

  @Test
  void requiredPropertyThatIsMissingIsNoPayload() {
    assertThat(decode(face.of(DemandingEmail.class), "{\"to\":\"a\"}").to()).isEqualTo("a");
    assertThatThrownBy(() -> decode(face.of(DemandingEmail.class), "{\"subject\":\"b\"}"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(
            "not a dev.bobbin.codec.jackson.Payloads$DemandingEmail:"
                + " expected java.lang.String at to");
  }

  // ---- what was accepted can be read

  @Test
  void readsLongNumbersTextsAndNames() {
    BigInteger number = BigInteger.ONE.shiftLeft(10_000);
    Codec<BigNumber> numbers = face.of(BigNumber.class);
    assertThat(decode(numbers, numbers.encode(new BigNumber(number))).number()).isEqualTo(number);
    Codec<Counts> counts = face.of(Counts.class);
    Counts longName = new Counts("t".repeat(1 << 20), Map.of("n".repeat(100_000), 1));
    assertThat(decode(counts, counts.encode(longName))).isEqualTo(longName);
  }

  @Test
  void readsTheDeepestThatItWrites() {
    Codec<Node> codec = face.of(Node.class);
    Node node = null;
    byte[] deepest = null;
    for (int depth = 1; depth < 2000; depth++) {
      node = new Node(node);
      try {
        deepest = codec.encode(node);
      } catch (IllegalArgumentException e) {
        break;
      }
    }
    assertThat(decode(codec, deepest)).isNotNull();
    assertThat(decode(other().of(Node.class), deepest)).isNotNull();
  }
}
