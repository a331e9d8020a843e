/** History: the chunks of earlier conversations that the phone hands over after pairing or when asked. */
package gateway.engine.web.history;
