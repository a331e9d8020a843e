/**
 * The siege: attacks on the packaged gateway beside a client that behaves. {@code make siege} runs every attack for a
 * minute and writes {@code target/siege.json}.
 */
package gateway.siege;
