/**
 * Secrets that are kept in other programs: HashiCorp Vault and AWS Secrets Manager.
 */
package gateway.config.source.remote;
