/**
 * The forms in which an event is written for a receiver: the original's versions 7 and 8. Nothing here delivers.
 */
package gateway.webhook.payload;
