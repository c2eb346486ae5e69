package dev.bobbin.codec.jackson2;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.cfg.MapperConfig;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.AnnotatedClass;
import com.fasterxml.jackson.databind.introspect.AnnotatedMember;
import com.fasterxml.jackson.databind.introspect.NopAnnotationIntrospector;
import com.fasterxml.jackson.databind.jsontype.TypeResolverBuilder;
import org.jspecify.annotations.Nullable;

/**
 * Refuses what would write the name of a class into the bytes, or load a class that the bytes name.
 * Jackson asks it about each class and property that it meets, before it writes or reads one.
 */
final class NoClassNames extends NopAnnotationIntrospector {
  private static final long serialVersionUID = 1;

  @Override
  public @Nullable TypeResolverBuilder<?> findTypeResolver(
      MapperConfig<?> config, AnnotatedClass annotated, JavaType baseType) {
    return refuseTypeInfo(annotated);
  }

  @Override
  public @Nullable TypeResolverBuilder<?> findPropertyTypeResolver(
      MapperConfig<?> config, AnnotatedMember annotated, JavaType baseType) {
    return refuseTypeInfo(annotated);
  }

  private @Nullable TypeResolverBuilder<?> refuseTypeInfo(Annotated annotated) {
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
  public @Nullable Object findSerializer(Annotated annotated) {
    return refuseClass(annotated);
  }

  @Override
  public @Nullable Object findDeserializer(Annotated annotated) {
    return refuseClass(annotated);
  }

  @Override
  public @Nullable Object findKeyDeserializer(Annotated annotated) {
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
