/**
 * Secrets that are kept in other programs: HashiCorp Vault and AWS Secrets Manager.
 */
@NullMarked
package gateway.config.source.remote;

import org.jspecify.annotations.NullMarked;
