/**
 * What every listener has: the gate with its rates and scopes, the envelope of replies, errors, and the exchange of a
 * request.
 */
@NullMarked
package gateway.http;

import org.jspecify.annotations.NullMarked;
