/**
 * The places in which a setting's text is looked for: flags, environment, {@code .env}, files of credentials.
 */
@NullMarked
package gateway.config.source;

import org.jspecify.annotations.NullMarked;
