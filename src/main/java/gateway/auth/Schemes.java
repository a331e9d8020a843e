package gateway.auth;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.Predicate;

import io.helidon.security.AuthenticationResponse;
import io.helidon.security.ProviderRequest;
import io.helidon.security.Security;
import io.helidon.security.SecurityEnvironment;
import io.helidon.security.SecurityResponse.SecurityStatus;
import io.helidon.security.providers.httpauth.HttpBasicAuthProvider;
import io.helidon.security.providers.httpauth.SecureUserStore;
import io.helidon.security.spi.AuditProvider;
import io.helidon.security.spi.AuthenticationProvider;

import gateway.config.BasicUser;

/**
 * The two ways to prove oneself, as providers of Helidon's security: its own for Basic over our user store, and one for
 * Bearer. Only asked about credentials that are not remembered.
 */
final class Schemes {
    static final String BASIC = "Basic ";
    static final String BEARER = "Bearer ";
    /** Longest name of a user, in characters. */
    static final int MAX_NAME = 64;

    private static final String BASIC_PROVIDER = "basic";
    private static final String BEARER_PROVIDER = "bearer";
    private static final String AUTHORIZATION = "Authorization";

    private static final AuditProvider SILENT = () -> event -> {};

    private final Security security;

    /**
     * @param password says whether a name has this password; asked on the caller's thread
     * @param token    says whether a token is good
     */
    Schemes(BiPredicate<String, char[]> password, Predicate<String> token) {
        this.security = Security.builder()
                .disableTracing()
                // Our own security log tells what happened here; Helidon's would name users in the ordinary log.
                .addAuditProvider(SILENT)
                .addAuthenticationProvider(
                        HttpBasicAuthProvider.builder()
                                .realm("whatsapp")
                                .userStore(login -> Optional.of(new Login(login, password)))
                                .build(),
                        BASIC_PROVIDER)
                .addAuthenticationProvider(new Bearer(token), BEARER_PROVIDER)
                .build();
    }

    /**
     * Whether Helidon's provider accepts the header. Its own answer is not used for the reply: ours has the envelope.
     */
    boolean accepts(String header, String scheme) {
        var context = security.createContext("login");
        context.env(SecurityEnvironment.builder()
                .header(
                        AUTHORIZATION,
                        List.of(scheme + header.substring(scheme.length()).trim()))
                .build());
        AuthenticationResponse response = context.atnClientBuilder()
                .explicitProvider(scheme.equals(BASIC) ? BASIC_PROVIDER : BEARER_PROVIDER)
                .submit();
        return response.status() == SecurityStatus.SUCCESS;
    }

    static boolean is(String scheme, String header) {
        return header.regionMatches(true, 0, scheme, 0, scheme.length());
    }

    /**
     * Whether a Basic header is one that Helidon's provider can read. What it cannot read it writes to its log, and its
     * pattern stops at a line end, so nothing else reaches it.
     */
    static boolean isReadableBasic(String header) {
        try {
            byte[] bytes =
                    Base64.getDecoder().decode(header.substring(BASIC.length()).trim());
            String pair = new String(bytes, StandardCharsets.UTF_8);
            int colon = pair.indexOf(':');
            return colon > 0
                    && colon <= MAX_NAME
                    && pair.codePointCount(colon + 1, pair.length()) <= PasswordPolicy.MAX
                    && pair.chars().noneMatch(BasicUser::isUnreadable);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** Every name is somebody until the password was looked at, so that the provider has one path for all. */
    private record Login(String login, BiPredicate<String, char[]> password) implements SecureUserStore.User {
        @Override
        public boolean isPasswordValid(char[] presented) {
            return password.test(login, presented);
        }
    }

    private record Bearer(Predicate<String> token) implements AuthenticationProvider {
        @Override
        public AuthenticationResponse authenticate(ProviderRequest request) {
            String text = request.env()
                    .headers()
                    .getOrDefault(AUTHORIZATION, List.of(""))
                    .getFirst();
            if (is(BEARER, text) && token.test(text.substring(BEARER.length()))) {
                return AuthenticationResponse.success(io.helidon.security.Principal.create("token"));
            }
            return AuthenticationResponse.failed("The token is not known.");
        }
    }
}
