/**
 * Backups of everything that a gateway keeps, and their way back. A backup is one file: a tar archive, compressed by
 * zstd and encrypted by OpenPGP to recipients whose secret keys are not on this machine. Its first entry, {@code
 * about.json}, tells what it is a backup of; its last one, {@code manifest.json}, has the size and the SHA-256 of each
 * entry. A file without the last entry is not whole.
 *
 * <p>Knows nothing of HTTP, messages or engines. Content in clear lies in the storage directory alone.
 */
@NullMarked
package gateway.backup;

import org.jspecify.annotations.NullMarked;
