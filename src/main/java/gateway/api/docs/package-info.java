/**
 * The description of the API, {@code /openapi.yaml}, and the page made of it.
 */
@NullMarked
package gateway.api.docs;

import org.jspecify.annotations.NullMarked;
