package dev.bobbin.torture.fuzz;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/** What is fuzzed: a class, how to call it without a fuzzer, and what to begin with. */
@SuppressWarnings("ImmutableEnumChecker") // Method references do not change.
enum Target {
  FRAME(FrameTarget.class, FrameTarget::fuzzerTestOneInput, Seeds::frames),
  BLOCK(BlockTarget.class, BlockTarget::fuzzerTestOneInput, Seeds::blocks),
  SEGMENT(SegmentTarget.class, SegmentTarget::fuzzerTestOneInput, Seeds::segments),
  RING(RingTarget.class, RingTarget::fuzzerTestOneInput, Seeds::rings),
  CODEC(CodecTarget.class, CodecTarget::fuzzerTestOneInput, Seeds::payloads),
  IDENTITY(IdentityTarget.class, IdentityTarget::fuzzerTestOneInput, Seeds::identities),
  VERIFY(VerifyTarget.class, VerifyTarget::fuzzerTestOneInput, Seeds::directories);

  final Class<?> type;
  final Consumer<byte[]> call;
  final Function<Seeds, List<byte[]>> seeds;

  Target(Class<?> type, Consumer<byte[]> call, Function<Seeds, List<byte[]>> seeds) {
    this.type = type;
    this.call = call;
    this.seeds = seeds;
  }
}
