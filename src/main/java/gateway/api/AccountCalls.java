package gateway.api;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;

import gateway.api.request.Characters;
import gateway.api.request.Fields;
import gateway.api.request.IdempotencyHeader;
import gateway.auth.Principal;
import gateway.engine.Jid;
import gateway.engine.Session;
import gateway.http.Exchange;
import gateway.http.Problem;
import gateway.messaging.Accounts;
import gateway.messaging.HoldBook;
import gateway.messaging.IdempotencyKey;

/**
 * Which account a request is for: the {@code X-Device-Id} header, the {@code device_id} parameter, or the only one. An
 * account is named by its id, or by its address on WhatsApp. To a credential that is bound to one device there is no
 * other (OWASP ASVS 8.2.2).
 */
public final class AccountCalls {
    private static final HeaderName DEVICE = HeaderNames.create("X-Device-Id");

    private final Accounts accounts;

    AccountCalls(Accounts accounts) {
        this.accounts = accounts;
    }

    /**
     * An account, whose connection may be on another node.
     *
     * @param key the client's name for this request
     */
    public record Account(String device, Accounts accounts, Optional<IdempotencyKey> key) {

        /**
         * The account's connection.
         *
         * @throws Problem 503 when another node has the connection
         */
        public Session session() {
            return accounts.session(device)
                    .orElseThrow(() -> Problem.unavailable("Another node serves this device at the moment.", 1));
        }

        /** How the account's connection stands, whichever node has it. */
        Session.Status status() {
            return accounts.status(device).orElseThrow(AccountCalls::noDevice);
        }

        /** Why and since when the account is held; empty when it is not held. */
        public Optional<HoldBook.Hold> hold() {
            return accounts.hold(device);
        }

        /**
         * The account's own address.
         *
         * @throws Problem 401 when the account is not paired, 501 when its engine is not offered here
         */
        public Jid self() {
            return status().account()
                    .orElseThrow(() -> accounts.unserved(device)
                            .map(EngineErrors::by)
                            .orElseGet(() -> new Problem(401, "AUTHENTICATION_ERROR", "you are not logged in")));
        }

        /** Throws the refusal of an account whose engine is not offered here. */
        void refuseUnserved() {
            accounts.unserved(device).ifPresent(refusal -> {
                throw refusal;
            });
        }

        /** Whether the number has WhatsApp, as far as this node can ask now; true when it cannot. */
        boolean mayHaveWhatsApp(Jid user) {
            return accounts.session(device)
                    .filter(session -> session.status().connected())
                    .map(session -> session.isOnWhatsApp(user))
                    .orElse(true);
        }
    }

    /** @throws Problem 404 for an account there is not, 400 when there are several and none is named */
    public Account of(ServerRequest request) {
        var inHeader =
                request.headers().first(DEVICE).map(AccountCalls::decoded).orElse("");
        var inQuery = Fields.ofQuery(request).optionalText("device_id");
        var key = IdempotencyHeader.of(request);
        if (inHeader.isEmpty()) {
            return of(inQuery.isEmpty() ? only() : inQuery, key);
        }
        var account = of(inHeader, key);
        if (!inQuery.isEmpty() && !of(inQuery).device().equals(account.device())) {
            throw Problem.badField("device_id", "and the header X-Device-Id name different devices; send one of them");
        }
        return account;
    }

    /**
     * The account that the path names, at {@code {device_id}}.
     *
     * @throws Problem 404 for an account there is not
     */
    Account inPath(ServerRequest request) {
        return of(request.path().pathParameters().get("device_id"));
    }

    /**
     * The account's row.
     *
     * @throws Problem 404 for an account there is not
     */
    Accounts.Device kept(String id) {
        return accounts.list().stream()
                .filter(device -> device.id().equals(id))
                .findFirst()
                .orElseThrow(AccountCalls::noDevice);
    }

    /** @throws Problem 404 for an account there is not */
    Account of(String named) {
        return of(named, Optional.empty());
    }

    private Account of(String named, Optional<IdempotencyKey> key) {
        return accounts.status(named)
                .map(known -> named)
                .filter(AccountCalls::visible)
                .or(() -> accounts.devices().stream()
                        .filter(AccountCalls::visible)
                        .filter(device -> accounts.status(device)
                                .flatMap(Session.Status::account)
                                .filter(jid -> jid.toString().equals(named)
                                        || jid.user().equals(named))
                                .isPresent())
                        .findFirst())
                .map(device -> new Account(device, accounts, key))
                .orElseThrow(AccountCalls::noDevice);
    }

    /** The answer for an account that is not there, or that the caller may not see. */
    static Problem noDevice() {
        return new Problem(404, "DEVICE_NOT_FOUND", "There is no such device.");
    }

    private static String decoded(String header) {
        try {
            // A plus sign is one: only a form has it in the place of a blank.
            return Characters.only(
                    "X-Device-Id", URLDecoder.decode(header.replace("+", "%2B"), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            throw Problem.badField("X-Device-Id", "is not correctly percent-encoded");
        }
    }

    /** Whether the caller's credential is for this device, or for all. */
    static boolean visible(String device) {
        return Exchange.current().principal().map(who -> who.mayUse(device)).orElse(true);
    }

    private String only() {
        return Exchange.current()
                .principal()
                .flatMap(Principal::device)
                .or(accounts::only)
                .orElseThrow(() -> new Problem(
                        400, "DEVICE_ID_REQUIRED", "Name the device in the X-Device-Id header or in device_id."));
    }
}
