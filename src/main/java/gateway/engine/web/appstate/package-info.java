/**
 * App state: what the account's devices agree on (names, contacts, labels), as collections of encrypted records with
 * a hash over all of them. Pure functions: a state and a patch in, the next state and what changed out.
 */
@NullMarked
package gateway.engine.web.appstate;

import org.jspecify.annotations.NullMarked;
