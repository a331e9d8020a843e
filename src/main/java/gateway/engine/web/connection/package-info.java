/**
 * One connection to WhatsApp's servers: opened, shaken hands on, read in order, asked, kept alive, and ended for a
 * reason that says what to do next (web-1 §1). Blocking; meant for virtual threads.
 */
@NullMarked
package gateway.engine.web.connection;

import org.jspecify.annotations.NullMarked;
