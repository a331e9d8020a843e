/**
 * The places in which a setting's text is looked for: flags, environment, {@code .env}, files of credentials.
 */
package gateway.config.source;
