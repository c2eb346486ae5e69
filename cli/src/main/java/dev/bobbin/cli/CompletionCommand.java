package dev.bobbin.cli;

import dev.bobbin.cli.output.Printer;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bobbin completion}: what a shell needs to complete commands, options and their values. */
@Command(
    name = "completion",
    mixinStandardHelpOptions = true,
    header = {"Prints what a shell needs to complete this command.", ""},
    footer = {
      "",
      "bash: source <(bobbin completion bash), in ~/.bashrc for good.",
      "zsh:  source <(bobbin completion zsh), in ~/.zshrc after compinit."
    })
final class CompletionCommand implements Callable<Integer> {
  enum Shell {
    BASH,
    ZSH;

    /** As users write it. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Spec private CommandSpec spec = CommandSpec.create();

  // The script serves both: in zsh it loads that shell's own support for bash's completions.
  @Parameters(paramLabel = "SHELL", description = "bash or zsh.")
  @SuppressWarnings("UnusedVariable")
  private Shell shell = Shell.BASH;

  /** Made by picocli. */
  CompletionCommand() {}

  @Override
  public Integer call() {
    Printer printer = new Printer(spec);
    printer.line(AutoComplete.bash(spec.root().name(), spec.root().commandLine()));
    printer.flush();
    return ExitCode.OK;
  }
}
