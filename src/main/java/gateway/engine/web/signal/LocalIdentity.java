package gateway.engine.web.signal;

/** This device's identity key pair and registration id (32 bits, unsigned). */
public record LocalIdentity(CurvePair identity, int registrationId) {}
