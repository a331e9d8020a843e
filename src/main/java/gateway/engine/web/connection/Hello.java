package gateway.engine.web.connection;

import java.time.InstantSource;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

import gateway.engine.web.signal.CurvePair;

/**
 * What a handshake needs of an account.
 *
 * @param noise   the account's long-lived pair
 * @param routing what the server gave for the intro; empty when it gave none
 * @param payload makes the serialized ClientPayload, right before it is sent to a server that is trusted; what it throws
 *     ends the handshake
 * @param random  for the pair of this connection
 * @param clock   by which certificates are judged
 */
public record Hello(
        CurvePair noise, byte[] routing, Supplier<byte[]> payload, RandomGenerator random, InstantSource clock) {}
