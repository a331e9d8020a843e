/**
 * What the rooms of the web engine build on: MACs, key derivation, ciphers, raw protobuf fields, and the one refusal of
 * bytes from outside.
 */
package gateway.engine.web.primitive;
