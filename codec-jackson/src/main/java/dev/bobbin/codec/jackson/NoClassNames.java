package dev.bobbin.codec.jackson;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.cfg.MapperConfig;
import tools.jackson.databind.introspect.Annotated;
import tools.jackson.databind.introspect.AnnotatedMember;
import tools.jackson.databind.introspect.NopAnnotationIntrospector;

/**
 * Refuses what would write the name of a class into the bytes, or load a class that the bytes name.
 * Jackson asks it about each class and property that it meets, before it writes or reads one.
 */
final class NoClassNames extends NopAnnotationIntrospector {
  private static final long serialVersionUID = 1;

  @Override
  public JsonTypeInfo.@Nullable Value findPolymorphicTypeInfo(
      MapperConfig<?> config, Annotated annotated) {
    JsonTypeInfo info = _findAnnotation(annotated, JsonTypeInfo.class);
    if (info != null
        && (info.use() == JsonTypeInfo.Id.CLASS || info.use() == JsonTypeInfo.Id.MINIMAL_CLASS)) {
      throw new IllegalArgumentException(
          "@JsonTypeInfo(use = "
              + info.use()
              + ") at "
              + where(annotated)
              + " writes names of classes into the bytes: use NAME, and name subtypes with"
              + " @JsonSubTypes");
    }
    return null;
  }

  @Override
  public @Nullable Object findSerializer(MapperConfig<?> config, Annotated annotated) {
    return refuseClass(annotated);
  }

  @Override
  public @Nullable Object findDeserializer(MapperConfig<?> config, Annotated annotated) {
    return refuseClass(annotated);
  }

  @Override
  public @Nullable Object findKeyDeserializer(MapperConfig<?> config, Annotated annotated) {
    return refuseClass(annotated);
  }

  private static @Nullable Object refuseClass(Annotated annotated) {
    if (annotated.getRawType() == Class.class) {
      throw new IllegalArgumentException(
          where(annotated)
              + ": a java.lang.Class is loaded by its name in the bytes: keep a word of your own for"
              + " it instead");
    }
    return null;
  }

  /** The class; a parameter of a constructor has no name of its own. */
  private static String where(Annotated annotated) {
    return annotated instanceof AnnotatedMember member
        ? member.getDeclaringClass().getName()
        : annotated.getName();
  }
}
