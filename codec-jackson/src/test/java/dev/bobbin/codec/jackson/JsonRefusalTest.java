package dev.bobbin.codec.jackson;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.bobbin.Codec;
import dev.bobbin.codec.jackson.Payloads.ClassNamed;
import dev.bobbin.codec.jackson.Payloads.DemandingEmail;
import dev.bobbin.codec.jackson.Payloads.Email;
import dev.bobbin.codec.jackson.Payloads.Event;
import dev.bobbin.codec.jackson.Payloads.Hidden;
import dev.bobbin.codec.jackson.Payloads.Holder;
import dev.bobbin.codec.jackson.Payloads.HoldsClass;
import dev.bobbin.codec.jackson.Payloads.HoldsClassKeys;
import dev.bobbin.codec.jackson.Payloads.HoldsClassNamed;
import dev.bobbin.codec.jackson.Payloads.HoldsClasses;
import dev.bobbin.codec.jackson.Payloads.Inner;
import dev.bobbin.codec.jackson.Payloads.LaterEmail;
import dev.bobbin.codec.jackson.Payloads.Node;
import dev.bobbin.codec.jackson.Payloads.Order;
import dev.bobbin.codec.jackson.Payloads.PropertyByClassName;
import dev.bobbin.codec.jackson.Payloads.Shape;
import dev.bobbin.codec.jackson.Payloads.Throwing;
import dev.bobbin.codec.jackson.Payloads.ValueByClassName;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What is refused when a codec is made, when it writes and when it reads, and in which words. */
@ParameterizedClass
@EnumSource(Face.class)
class JsonRefusalTest {
  private static final String PAYLOADS = "dev.bobbin.codec.jackson.Payloads$";

  @Parameter Face face;

  /** The words about a payload that cannot be read, less "not a" and its type. */
  private static String words(Codec<?> codec, String type, String json) {
    byte[] bytes = json.getBytes(UTF_8);
    byte[] frame = Arrays.copyOfRange((" ".repeat(100) + json).getBytes(UTF_8), 0, 200);
    Throwable thrown = catchThrowable(() -> codec.decode(frame, 100, bytes.length));
    assertThat(thrown).isInstanceOf(IllegalArgumentException.class);
    String start = "not a " + PAYLOADS + type;
    assertThat(thrown.getMessage()).startsWith(start);
    return thrown.getMessage().substring(start.length());
  }

  // ---- when the codec is made

  @Test
  void mapperWithDefaultTypingIsRefused() {
    assertThatThrownBy(() -> face.withDefaultTyping(Email.class))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("default typing", "deactivate it", "@JsonSubTypes");
  }

  @Test
  void namesOfClassesInAnnotationsAreRefused() {
    for (Class<?> type :
        new Class<?>[] {
          ClassNamed.class, HoldsClassNamed.class, PropertyByClassName.class, ValueByClassName.class
        }) {
      assertThatThrownBy(() -> face.of(type))
          .as(type.getSimpleName())
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContainingAll("CLASS", "writes names of classes", "@JsonSubTypes");
    }
  }

  @Test
  void classAsAPropertyIsRefused() {
    for (Class<?> type :
        new Class<?>[] {HoldsClass.class, HoldsClasses.class, HoldsClassKeys.class, Class.class}) {
      assertThatThrownBy(() -> face.of(type))
          .as(type.getSimpleName())
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("a java.lang.Class is loaded by its name");
    }
    assertThatThrownBy(() -> face.of(HoldsClass.class))
        .hasMessageContaining(PAYLOADS + "HoldsClass: a java.lang.Class");
  }

  @Test
  void typeThatCannotBeReadIsRefused() {
    for (Class<?> type : new Class<?>[] {Shape.class, Inner.class}) {
      assertThatThrownBy(() -> face.of(type))
          .as(type.getSimpleName())
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("Jackson cannot read a " + type.getName());
    }
  }

  @Test
  void typeThatOnlyRefusesAnEmptyObjectIsNotRefused() {
    for (Class<?> type :
        new Class<?>[] {
          DemandingEmail.class, Event.class, String.class, int[].class, Payloads.Urgency.class
        }) {
      assertThatCode(() -> face.of(type)).doesNotThrowAnyException();
    }
  }

  @Test
  void mapperWithJacksonsOwnSettingsIsTakenAsItIs() {
    byte[] bytes = face.plain(Email.class).encode(new Email("a", "b"));
    assertThat(face.of(Email.class).decode(bytes, 0, bytes.length)).isEqualTo(new Email("a", "b"));
  }

  // ---- when it writes

  @Test
  void objectWithoutVisiblePropertiesIsRefused() {
    Codec<Hidden> codec = face.of(Hidden.class);
    assertThatThrownBy(() -> codec.encode(new Hidden()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Jackson cannot write a " + PAYLOADS + "Hidden: ")
        .hasMessageContaining("no properties discovered");
  }

  @Test
  void propertyThatCannotBeWrittenIsNamed() {
    Codec<Throwing> codec = face.of(Throwing.class);
    assertThatThrownBy(() -> codec.encode(new Throwing()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Jackson cannot write a " + PAYLOADS + "Throwing at name: no name today");
  }

  @Test
  void classNamesThatAppearOnlyInAPayloadAreRefused() {
    Codec<Holder> codec = face.of(Holder.class);
    assertThatThrownBy(() -> codec.encode(new Holder(new HoldsClass(String.class))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Jackson cannot write a " + PAYLOADS + "Holder at value");
    assertThatThrownBy(() -> codec.encode(new Holder(new PropertyByClassName(List.of()))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Jackson cannot write a " + PAYLOADS + "Holder at value");
  }

  @Test
  void nullIsRefused() {
    assertThatThrownBy(() -> face.of(Email.class).encode(null))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("payload");
  }

  @Test
  void endlessPayloadIsRefused() {
    Codec<Node> codec = face.of(Node.class);
    Node deep = null;
    for (int i = 0; i < 100_000; i++) {
      deep = new Node(deep);
    }
    Node deepest = deep;
    assertThatThrownBy(() -> codec.encode(deepest))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("nesting depth")
        .satisfies(e -> assertThat(e.getMessage().length()).isLessThan(500));
  }

  // ---- when it reads

  @Test
  void saysWhatWasExpectedAndWhere() {
    Codec<Order> orders = face.of(Order.class);
    assertThat(words(orders, "Order", "{\"items\":[{\"amount\":1},{\"amount\":\"secret\"}]}"))
        .isEqualTo(": expected int at items[1].amount (byte 33)");
    assertThat(words(orders, "Order", "{\"items\":[{\"amount\":{}}]}"))
        .startsWith(": expected int at items[0].amount (byte 2");
    assertThat(words(orders, "Order", "{\"items\":[{\"amount\":30000000001}]}"))
        .startsWith(": expected int at items[0].amount (byte");
    assertThat(words(orders, "Order", "{\"items\":[{\"amount\":1.5}]}"))
        .startsWith(": expected int at items[0].amount (byte");
    assertThat(words(orders, "Order", "[1]"))
        .isEqualTo(": not one JSON value of its shape (byte 0)");
    assertThat(words(face.of(LaterEmail.class), "LaterEmail", "{\"urgency\":\"SECRET\"}"))
        .isEqualTo(": expected " + PAYLOADS + "Urgency at urgency (byte 11)");
    assertThat(words(face.of(Event.class), "Event", "{\"event\":\"secret\"}"))
        .startsWith(": unknown or missing name of a subtype");
    assertThat(words(face.strict(Email.class), "Email", "{\"to\":\"a\",\"cc\":\"secret\"}"))
        .startsWith(": unknown property at cc");
  }

  @Test
  void saysThatItIsNoJson() {
    Codec<Email> codec = face.of(Email.class);
    assertThat(words(codec, "Email", "secret")).startsWith(": no JSON (byte ");
    assertThat(words(codec, "Email", "{\"to\":secret}"))
        .matches(": no JSON( at to)? \\(byte \\d+\\)");
    assertThat(words(codec, "Email", "{\"to\":\"secr"))
        .matches(": no JSON( at to)? \\(byte \\d+\\)");
    assertThat(words(codec, "Email", "{\"to\":\"secret\"} x")).startsWith(": no JSON (byte ");
    assertThat(words(codec, "Email", "{\"to\":\"secret\"} {}"))
        .startsWith(": not one JSON value of its shape (byte ");
    assertThat(words(codec, "Email", "null")).isEqualTo(": null");
    assertThat(words(codec, "Email", "")).isEqualTo(": no bytes");
    byte[] wild = new byte[64];
    for (int i = 0; i < 256; i++) {
      Arrays.fill(wild, (byte) i);
      assertThatThrownBy(() -> codec.decode(wild, 0, wild.length))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("not a " + PAYLOADS + "Email: ");
    }
  }

  @Test
  void quotesNoKeysOfMaps() {
    assertThat(
            words(
                face.of(Order.class), "Order", "{\"byName\":{\"secret\":{\"amount\":\"secret\"}}}"))
        .startsWith(": expected int at byName[*].amount (byte");
  }

  @Test
  void passesOnWhatThePayloadsOwnClassSays() {
    assertThat(
            words(
                face.of(DemandingEmail.class), "DemandingEmail", "{\"subject\":\"\",\"to\":\"a\"}"))
        .startsWith(": java.lang.IllegalStateException: the subject is empty");
  }

  @Test
  void wordsAreOneShortLine() {
    String name = "n\\n".repeat(1000);
    Codec<Email> codec = face.strict(Email.class);
    byte[] json = ("{\"" + name + "\":1}").getBytes(UTF_8);
    assertThatThrownBy(() -> codec.decode(json, 0, json.length))
        .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(500).doesNotContain("\n"));
  }
}
