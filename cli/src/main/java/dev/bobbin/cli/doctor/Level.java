package dev.bobbin.cli.doctor;

/** How bad a finding is. */
enum Level {
  /** As it should be. */
  OK,
  /** It works, with less than is promised, or not for long. */
  WARN,
  /** It does not work. */
  FAIL
}
