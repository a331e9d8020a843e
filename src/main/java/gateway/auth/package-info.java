/**
 * Who may come in: users, tokens, password hashes, the rate of attempts and the wait after failures (OWASP ASVS 5.0
 * chapter 6).
 */
@NullMarked
package gateway.auth;

import org.jspecify.annotations.NullMarked;
