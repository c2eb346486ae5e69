package dev.bobbin.kafka;

import org.apache.kafka.common.security.auth.AuthenticationContext;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.common.security.auth.KafkaPrincipalBuilder;
import org.apache.kafka.common.security.auth.KafkaPrincipalSerde;
import org.apache.kafka.common.security.authenticator.DefaultKafkaPrincipalBuilder;

/** In the broker: who comes through the controller's listener may do anything, others may not. */
public final class ByListener implements KafkaPrincipalBuilder, KafkaPrincipalSerde {
  static final String MASTER = "User:master";
  static final String SERVICE = "User:service";

  private final KafkaPrincipalSerde serde = new DefaultKafkaPrincipalBuilder(null, null);

  @Override
  public KafkaPrincipal build(AuthenticationContext context) {
    boolean master = context.listenerName().equals("CONTROLLER");
    return new KafkaPrincipal(KafkaPrincipal.USER_TYPE, (master ? MASTER : SERVICE).substring(5));
  }

  @Override
  public byte[] serialize(KafkaPrincipal principal) {
    return serde.serialize(principal);
  }

  @Override
  public KafkaPrincipal deserialize(byte[] bytes) {
    return serde.deserialize(bytes);
  }
}
