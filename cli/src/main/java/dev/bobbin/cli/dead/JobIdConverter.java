package dev.bobbin.cli.dead;

import dev.bobbin.JobId;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a job's id as the other commands print it. */
final class JobIdConverter implements ITypeConverter<JobId> {
  JobIdConverter() {}

  @Override
  public JobId convert(String text) {
    try {
      return JobId.parse(text);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(String.valueOf(e.getMessage()));
    }
  }
}
