/**
 * The same queues on Apache Kafka: a queue's ready jobs are the records of a topic that a share
 * group works on, delayed jobs wait in a topic of their own until the relay moves them on, and dead
 * letters lie in a compacted topic. What hands jobs to workers is the core's; this package keeps
 * them. {@link dev.bobbin.kafka.KafkaBobbin} is the way in.
 */
@org.jspecify.annotations.NullMarked
package dev.bobbin.kafka;
