/**
 * An engine without WhatsApp: it pretends to be the network, keeps what it pretends on disk, and can be told what should
 * happen. For building and testing an integration offline.
 */
package gateway.engine.sandbox;
