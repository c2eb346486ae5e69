package dev.bobbin.codec.jackson;

import dev.bobbin.Codec;
import java.util.Objects;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * Codecs for payloads as JSON, with Jackson 3.
 *
 * <pre>{@code
 * record Email(String to, String subject) {}
 *
 * JobQueue<Email> emails = bobbin.queue("emails", Json.of(Email.class));
 * }</pre>
 *
 * <p>Jobs outlive the program that wrote them, and a program may be rolled back. So by default a
 * property that the class does not have is ignored, and one that the JSON does not have is null, 0
 * or false. What must be there is for the class to say: with {@code @JsonProperty(required =
 * true)}, or in its constructor. See {@link #mapper()} for the rest of the settings.
 *
 * <p>A payload that cannot be written is refused: {@code submit} throws {@link
 * IllegalArgumentException}. A job that cannot be read becomes a dead letter; its reason says what
 * was expected, at which property and byte, and quotes no values from the payload.
 *
 * <p>No name of a class is written into the JSON or read from it. A mapper with default typing is
 * refused, and so are {@code @JsonTypeInfo(use = CLASS)}, {@code MINIMAL_CLASS}, and properties of
 * type {@link Class}. Several classes in one queue go with {@code @JsonTypeInfo(use = NAME)} and
 * {@code @JsonSubTypes}.
 *
 * <p>All methods throw {@link IllegalArgumentException} if the type or the mapper is not fit for
 * this, as far as it can be known before there is a payload. To know, they once read an empty JSON
 * object as the type. The codecs are thread-safe.
 */
public final class Json {
  private static final JsonMapper DEFAULT = mapper().build();

  private Json() {}

  /** A codec for {@code type}, with the settings of {@link #mapper()}. */
  public static <T> Codec<T> of(Class<T> type) {
    return of(type, DEFAULT);
  }

  /**
   * A codec for a generic type, with the settings of {@link #mapper()}: {@code Json.of(new
   * TypeReference<List<Email>>() {})}.
   */
  public static <T> Codec<T> of(TypeReference<T> type) {
    return of(type, DEFAULT);
  }

  /**
   * A codec for {@code type} with the settings of {@code mapper}, taken as they are: think of
   * unknown properties, and start from {@link #mapper()} if you can.
   */
  public static <T> Codec<T> of(Class<T> type, JsonMapper mapper) {
    Objects.requireNonNull(type, "type");
    return new JsonCodec<>(mapper, mapper.constructType(type));
  }

  /** As {@link #of(Class, JsonMapper)}, for a generic type. */
  public static <T> Codec<T> of(TypeReference<T> type, JsonMapper mapper) {
    Objects.requireNonNull(type, "type");
    return new JsonCodec<>(mapper, mapper.constructType(type));
  }

  /**
   * The settings that {@link #of(Class)} uses, for a mapper with a little more: {@code
   * Json.mapper().addModule(new KotlinModule()).build()}. Beyond those of Jackson 3:
   *
   * <ul>
   *   <li>no value for a number or boolean is 0 or false, so that a class may get new ones;
   *   <li>enum constants go by their names, not by {@code toString()};
   *   <li>times keep their zone and offset;
   *   <li>a number with a fraction is not cut to an integer: that job becomes a dead letter;
   *   <li>an object without any property that Jackson sees is refused, for it would lose what it
   *       holds;
   *   <li>long strings and numbers are read whatever their length, since they were accepted once.
   * </ul>
   */
  public static JsonMapper.Builder mapper() {
    return Settings.builder();
  }
}
