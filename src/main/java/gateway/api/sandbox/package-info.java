/** What makes things happen on the pretended WhatsApp, under {@code /sandbox}: served only where accounts can have that engine. */
package gateway.api.sandbox;
