package dev.bobbin.examples;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.bobbin.Bobbin;
import dev.bobbin.JobQueue;
import dev.bobbin.codec.jackson.Json;
import java.util.List;
import java.util.Map;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** docs/operating/codecs.md: payloads as JSON. */
final class JsonExamples {
  private JsonExamples() {}

  record Email(String to, String subject) {}

  static void work(Bobbin bobbin) {
    JobQueue<Email> emails = bobbin.queue("emails", Json.of(Email.class));
    emails.work(4, email -> System.out.println("to " + email.to()));
    emails.submit(new Email("ada@example.org", "Hello"));
  }

  static JobQueue<Map<String, List<Email>>> generic(Bobbin bobbin) {
    JobQueue<Map<String, List<Email>>> digests =
        bobbin.queue("digests", Json.of(new TypeReference<Map<String, List<Email>>>() {}));
    return digests;
  }

  static JobQueue<Email> strict(Bobbin bobbin) {
    JsonMapper strict =
        Json.mapper().enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();
    JobQueue<Email> emails = bobbin.queue("emails", Json.of(Email.class, strict));
    return emails;
  }

  record Letter(
      @JsonProperty(required = true) String to, // a job without it becomes a dead letter
      @JsonAlias("subject") String title, // was called subject once
      int copies) { // new: 0 in jobs of an older version
    Letter {
      copies = Math.max(1, copies);
    }
  }

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "event")
  @JsonSubTypes({
    @JsonSubTypes.Type(value = Paid.class, name = "paid"),
    @JsonSubTypes.Type(value = Sent.class, name = "sent")
  })
  sealed interface Event {}

  record Paid(long cents) implements Event {}

  record Sent(String to) implements Event {}
}
