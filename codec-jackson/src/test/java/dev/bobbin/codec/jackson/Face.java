package dev.bobbin.codec.jackson;

import com.fasterxml.jackson.databind.jsontype.BasicPolymorphicTypeValidator;
import dev.bobbin.Codec;
import dev.bobbin.codec.jackson.Payloads.Email;
import dev.bobbin.codec.jackson2.Json;
import java.util.List;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** The two codecs, so that every test runs on both. */
enum Face {
  JACKSON_3 {
    @Override
    <T> Codec<T> of(Class<T> type) {
      return dev.bobbin.codec.jackson.Json.of(type);
    }

    @Override
    Codec<List<Email>> ofEmails() {
      return dev.bobbin.codec.jackson.Json.of(new TypeReference<List<Email>>() {});
    }

    @Override
    <T> Codec<T> strict(Class<T> type) {
      return dev.bobbin.codec.jackson.Json.of(
          type,
          dev.bobbin.codec.jackson.Json.mapper()
              .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
              .build());
    }

    @Override
    <T> Codec<T> plain(Class<T> type) {
      return dev.bobbin.codec.jackson.Json.of(type, JsonMapper.shared());
    }

    @Override
    <T> Codec<T> withDefaultTyping(Class<T> type) {
      return dev.bobbin.codec.jackson.Json.of(
          type,
          JsonMapper.builder()
              .activateDefaultTyping(
                  tools.jackson.databind.jsontype.BasicPolymorphicTypeValidator.builder()
                      .allowIfBaseType(Object.class)
                      .build())
              .build());
    }
  },

  JACKSON_2 {
    @Override
    <T> Codec<T> of(Class<T> type) {
      return Json.of(type);
    }

    @Override
    Codec<List<Email>> ofEmails() {
      return Json.of(new com.fasterxml.jackson.core.type.TypeReference<List<Email>>() {});
    }

    @Override
    <T> Codec<T> strict(Class<T> type) {
      return Json.of(
          type,
          Json.mapper()
              .enable(
                  com.fasterxml.jackson.databind.DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
              .build());
    }

    @Override
    <T> Codec<T> plain(Class<T> type) {
      return Json.of(type, new com.fasterxml.jackson.databind.json.JsonMapper());
    }

    @Override
    <T> Codec<T> withDefaultTyping(Class<T> type) {
      com.fasterxml.jackson.databind.json.JsonMapper mapper =
          new com.fasterxml.jackson.databind.json.JsonMapper();
      mapper.activateDefaultTyping(
          BasicPolymorphicTypeValidator.builder().allowIfBaseType(Object.class).build());
      return Json.of(type, mapper);
    }
  };

  abstract <T> Codec<T> of(Class<T> type);

  abstract Codec<List<Email>> ofEmails();

  /** With a mapper that refuses unknown properties. */
  abstract <T> Codec<T> strict(Class<T> type);

  /** With a mapper that has Jackson's own settings. */
  abstract <T> Codec<T> plain(Class<T> type);

  abstract <T> Codec<T> withDefaultTyping(Class<T> type);
}
