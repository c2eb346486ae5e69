/**
 * Job transport: producers hand numbered payloads to a queue, workers check every byte and ack each
 * job, and a round counts only if every job arrived. Knows no particular queue; {@link
 * dev.bobbin.benchmarks.transport.Peer} is what one has to offer.
 */
@NullMarked
package dev.bobbin.benchmarks.transport;

import org.jspecify.annotations.NullMarked;
