package dev.bobbin.cli.drain;

import dev.bobbin.kafka.KafkaOptions;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code kafka://host:port?prefix=bobbin}. What it holds may be secret, and is not shown. */
final class KafkaAddress implements ITypeConverter<KafkaOptions> {
  KafkaAddress() {}

  @Override
  public KafkaOptions convert(String text) {
    try {
      return KafkaOptions.parse(text);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(String.valueOf(e.getMessage()));
    }
  }
}
