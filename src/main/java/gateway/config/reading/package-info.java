/**
 * The reading of the whole configuration: each setting from the first source that has it, every error at once, the
 * rules between settings, and the result as {@link gateway.config.Settings}.
 */
@NullMarked
package gateway.config.reading;

import org.jspecify.annotations.NullMarked;
