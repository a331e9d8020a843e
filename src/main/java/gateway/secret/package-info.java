/**
 * Secrets at rest and over time: envelope encryption (a key-encryption key outside the database wraps the data keys
 * inside it), and the ledger of what was rotated, when, and until when the old one is still good. Leans on the settings
 * and the store.
 */
@NullMarked
package gateway.secret;

import org.jspecify.annotations.NullMarked;
