/**
 * The values of the configuration that every room reads: {@link gateway.config.Settings} and the types in it. How the
 * values are written down and found is the business of the wings {@code catalogue}, {@code source} and {@code reading}.
 */
@NullMarked
package gateway.config;

import org.jspecify.annotations.NullMarked;
