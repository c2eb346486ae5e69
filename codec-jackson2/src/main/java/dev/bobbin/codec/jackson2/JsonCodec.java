package dev.bobbin.codec.jackson2;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.AnnotationIntrospector;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.exc.InvalidDefinitionException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.bobbin.Codec;
import java.io.IOException;
import java.util.Objects;

/** One type as JSON. Immutable; readers and writers of Jackson are thread-safe. */
final class JsonCodec<T> implements Codec<T> {
  private static final byte[] EMPTY_OBJECT = {'{', '}'};

  private final String typeName;
  private final ObjectReader reader;
  private final ObjectWriter writer;

  JsonCodec(JsonMapper mapper, JavaType type) {
    refuseDefaultTyping(mapper, type);
    AnnotationIntrospector introspector =
        mapper.getSerializationConfig().getAnnotationIntrospector();
    JsonMapper own =
        mapper
            .rebuild()
            .annotationIntrospector(AnnotationIntrospector.pair(new NoClassNames(), introspector))
            .build();
    this.typeName = Words.name(type);
    this.reader = own.readerFor(type);
    this.writer = own.writerFor(type);
    refuseUnreadable();
  }

  private static void refuseDefaultTyping(JsonMapper mapper, JavaType type) {
    if (mapper.getSerializationConfig().getDefaultTyper(type) != null
        || mapper.getDeserializationConfig().getDefaultTyper(type) != null) {
      throw new IllegalArgumentException(
          "the JsonMapper has default typing activated, which writes names of classes into the"
              + " bytes and reads them back: deactivate it, and name subtypes with"
              + " @JsonTypeInfo(use = NAME) and @JsonSubTypes");
    }
  }

  /** Otherwise the first worker would make dead letters of all that wait. */
  private void refuseUnreadable() {
    try {
      reader.readValue(EMPTY_OBJECT);
    } catch (InvalidDefinitionException e) {
      throw new IllegalArgumentException(Words.unreadable(typeName, e), e);
    } catch (IOException | RuntimeException e) {
      // The type can be read; an empty object just is none.
    }
  }

  @Override
  public byte[] encode(T payload) {
    Objects.requireNonNull(payload, "payload");
    try {
      return writer.writeValueAsBytes(payload);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(Words.unwritable(typeName, e), e);
    }
  }

  @Override
  public T decode(byte[] bytes, int offset, int length) {
    T payload;
    try {
      payload = reader.readValue(bytes, offset, length);
    } catch (IOException e) {
      throw new IllegalArgumentException(Words.undecodable(typeName, length, e), e);
    }
    if (payload == null) {
      throw new IllegalArgumentException("not a " + typeName + ": null");
    }
    return payload;
  }
}
