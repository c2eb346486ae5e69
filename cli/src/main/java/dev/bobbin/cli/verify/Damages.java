package dev.bobbin.cli.verify;

import dev.bobbin.Damage;
import dev.bobbin.LostBytes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Damages as JSON. */
final class Damages {
  private Damages() {}

  static List<Object> json(List<Damage> damages) {
    List<Object> json = new ArrayList<>();
    for (Damage damage : damages) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("file", damage.file().toString());
      one.put("offset", damage.offset());
      one.put("expected", damage.expected());
      one.put("found", damage.found());
      json.add(one);
    }
    return json;
  }

  static List<Object> jsonOfLost(List<LostBytes> lost) {
    List<Object> json = new ArrayList<>();
    for (LostBytes bytes : lost) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("file", bytes.file().toString());
      one.put("offset", bytes.offset());
      one.put("bytes", bytes.bytes());
      json.add(one);
    }
    return json;
  }
}
