package gateway.webhook;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

import gateway.config.Secret;
import gateway.config.ShownUrl;
import gateway.outbound.AddressGuard;
import gateway.outbound.RefusedAddress;
import gateway.store.Store;
import gateway.webhook.payload.PayloadDialect;

/** The rules for endpoints: turns a draft into an endpoint, or refuses it with every bad field. Stores nothing. */
final class DraftJudge {
    private final Store store;
    private final AddressGuard guard;
    private final SecretPolicy policy;

    DraftJudge(Store store, AddressGuard guard, SecretPolicy policy) {
        this.store = store;
        this.guard = guard;
        this.policy = policy;
    }

    /** The bad fields of one draft. */
    private static final class Faults {
        private final List<InvalidEndpoint> found = new ArrayList<>();

        /** What the reading returns, or the other value and a fault. */
        <T> T or(T other, Supplier<T> reading) {
            try {
                return reading.get();
            } catch (InvalidEndpoint fault) {
                found.add(fault);
                return other;
            }
        }

        void refuse() {
            if (!found.isEmpty()) {
                throw InvalidEndpoint.of(found);
            }
        }
    }

    /**
     * The endpoint that a draft asks for.
     *
     * @param account whose events the endpoint gets; empty when the draft itself names it
     * @throws InvalidEndpoint with every bad field
     */
    Endpoint fresh(EndpointDraft draft, String id, Optional<String> account) {
        var faults = new Faults();
        var url = faults.or("", () -> url(draft.url().orElseThrow(() -> new InvalidEndpoint("url", "must be given"))));
        var secret = faults.or("", () -> secret(draft));
        var events = faults.or(
                EndpointDraft.checkedEvents(List.of()),
                () -> EndpointDraft.checkedEvents(draft.events().orElse(List.of())));
        var ignored = faults.or(
                List.<String>of(),
                () -> EndpointDraft.checkedIgnored(draft.ignored().orElse(List.of())));
        var dialect = faults.or(
                PayloadDialect.named("v7"),
                () -> EndpointDraft.checkedDialect(draft.dialect().orElse("v7")));
        var device = account.orElseGet(
                () -> faults.or("", () -> device(draft.device().orElse(""))));
        faults.refuse();
        return new Endpoint(
                id,
                url,
                EndpointSecrets.of(secret),
                events,
                ignored,
                dialect,
                draft.enabled().orElse(true),
                device,
                false);
    }

    private String secret(EndpointDraft draft) {
        return policy.checked(draft.secret()
                .orElseThrow(
                        () -> new InvalidEndpoint("secret", "must be given. Make one with: openssl rand -hex 32")));
    }

    /**
     * An endpoint after a change.
     *
     * @param rotated makes the secrets that follow on a new secret
     * @throws InvalidEndpoint with every bad field
     */
    Endpoint changed(Endpoint old, EndpointDraft draft, Function<String, EndpointSecrets> rotated) {
        if (old.configured()) {
            if (!draft.onlyEnables()) {
                throw new InvalidEndpoint("id", "names an endpoint of the configuration; change it there");
            }
            return old;
        }
        var faults = new Faults();
        // The stored one that comes back is no change, also when it would not be taken today.
        var secrets = faults.or(
                old.secrets(),
                () -> draft.secret().isEmpty() && !old.secrets().readable()
                        ? unreadable()
                        : draft.secret()
                                .filter(secret -> !secret.equals(old.secrets().current()))
                                .map(policy::checked)
                                .map(rotated)
                                .orElse(old.secrets()));
        // A masked address that comes back is the one that is stored.
        var url = faults.or(
                old.url(),
                () -> draft.url()
                        .filter(given -> !given.equals(ShownUrl.of(old.url())))
                        .map(this::url)
                        .orElse(old.url()));
        var events = faults.or(
                old.events(),
                () -> draft.events().map(EndpointDraft::checkedEvents).orElse(old.events()));
        var ignored = faults.or(
                old.ignored(),
                () -> draft.ignored().map(EndpointDraft::checkedIgnored).orElse(old.ignored()));
        var dialect = faults.or(
                old.dialect(),
                () -> draft.dialect().map(EndpointDraft::checkedDialect).orElse(old.dialect()));
        var device =
                faults.or(old.device(), () -> draft.device().map(this::device).orElse(old.device()));
        faults.refuse();
        return new Endpoint(
                old.id(),
                url,
                secrets,
                events,
                ignored,
                dialect,
                draft.enabled().orElse(old.enabled()),
                device,
                false);
    }

    private static EndpointSecrets unreadable() {
        throw new InvalidEndpoint("secret", "must be given, because the stored one does not open with its key");
    }

    private String url(String url) {
        if (ShownUrl.isMasked(url)) {
            throw new InvalidEndpoint(
                    "url", "holds " + Secret.MASK + ", which replies show in place of a query. Give the whole URL");
        }
        try {
            return guard.target(url).toString();
        } catch (RefusedAddress e) {
            throw new InvalidEndpoint("url", "is refused. " + e.getMessage());
        }
    }

    private String device(String device) {
        if (!device.isEmpty() && store.number("SELECT count(*) FROM device WHERE id = ?", device) == 0) {
            throw new InvalidEndpoint("device", "names no account");
        }
        return device;
    }
}
