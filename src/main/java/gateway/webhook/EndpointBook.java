package gateway.webhook;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

import gateway.outbound.AddressGuard;
import gateway.outbound.AddressRules;
import gateway.secret.SecretCodec;
import gateway.store.Store;
import gateway.webhook.payload.Account;
import gateway.webhook.payload.EventName;

/**
 * Endpoints as operators see and change them, over REST and on the command line. Works on the database alone, so that a
 * command beside the running server does the same as a request to it.
 */
public final class EndpointBook {
    /** After a change of secret both count for this long, as at Svix. */
    public static final Duration OVERLAP = Duration.ofHours(24);

    private static final int MAX_ENDPOINTS = 100;

    private final Store store;
    private final Endpoints endpoints;
    private final DraftJudge judge;
    private final SecretPolicy policy;
    private final InstantSource clock;
    private final Runnable changed;

    EndpointBook(
            Store store,
            Endpoints endpoints,
            AddressGuard guard,
            SecretPolicy policy,
            InstantSource clock,
            Runnable changed) {
        this.store = store;
        this.endpoints = endpoints;
        this.judge = new DraftJudge(store, guard, policy);
        this.policy = policy;
        this.clock = clock;
        this.changed = changed;
    }

    /** Without a server: for a command. The running server notices within two seconds. */
    public static EndpointBook beside(
            Store store,
            SecretCodec codec,
            AddressRules rules,
            SecretPolicy policy,
            List<Endpoint> configured,
            InstantSource clock) {
        var guard = new AddressGuard(rules, host -> {
            throw new java.net.UnknownHostException(host);
        });
        return new EndpointBook(store, new Endpoints(store, codec, configured), guard, policy, clock, () -> {});
    }

    /** An endpoint with its state; no secret, only a fingerprint of it. */
    public record View(
            Endpoint endpoint,
            String secretFingerprint,
            Optional<Long> overlapUntil,
            Optional<Long> disabledAt,
            String disabledWhy,
            Optional<Long> failingSince) {}

    public List<View> all() {
        var snapshot = endpoints.refresh();
        return snapshot.endpoints().stream()
                .map(endpoint -> view(endpoint, snapshot.health(endpoint.id())))
                .toList();
    }

    public Optional<View> find(String id) {
        var snapshot = endpoints.refresh();
        return snapshot.find(id).map(endpoint -> view(endpoint, snapshot.health(id)));
    }

    private View view(Endpoint endpoint, Health health) {
        if (!endpoint.secrets().readable()) {
            return new View(
                    endpoint,
                    "unreadable",
                    Optional.empty(),
                    Optional.of(clock.millis()),
                    "its secret does not open with its key; give it another one",
                    Optional.empty());
        }
        boolean overlap = endpoint.secrets().valid(clock.millis()).size() > 1;
        return new View(
                endpoint,
                Signer.fingerprint(endpoint.secrets().current()),
                overlap ? Optional.of(endpoint.secrets().previousUntil()) : Optional.empty(),
                health.disabled() ? Optional.of(health.disabledAt()) : Optional.empty(),
                health.disabledWhy(),
                health.failingSince() > 0 ? Optional.of(health.failingSince()) : Optional.empty());
    }

    /**
     * Makes an endpoint.
     *
     * @throws InvalidEndpoint naming the field
     */
    public View add(EndpointDraft draft) {
        return add(draft, "ep_");
    }

    /** @param prefix what the endpoint's id begins with */
    View add(EndpointDraft draft, String prefix) {
        var fresh = made(draft, prefix, Optional.empty());
        endpoints.table().add(fresh, clock.millis());
        changed.run();
        return view(fresh, Health.UNKNOWN);
    }

    /**
     * The endpoint that the draft asks for, not yet stored.
     *
     * @param account whose events it is told of; empty when the draft itself says so
     */
    Endpoint made(EndpointDraft draft, String prefix, Optional<String> account) {
        if (endpoints.refresh().endpoints().size() >= MAX_ENDPOINTS) {
            throw new InvalidEndpoint("url", "cannot be added: there are " + MAX_ENDPOINTS + " endpoints already");
        }
        var fresh = judge.fresh(draft, prefix + Webhooks.random(8), account);
        refuseDuplicate(fresh, draft);
        return fresh;
    }

    /**
     * Judges the draft of a new endpoint, and changes nothing.
     *
     * @throws InvalidEndpoint with every bad field
     */
    public void check(EndpointDraft draft) {
        judge.fresh(draft, "ep_", Optional.empty());
    }

    /**
     * Judges a change of an endpoint, and changes nothing. An id that no endpoint has is no fault here.
     *
     * @throws InvalidEndpoint with every bad field
     */
    public void check(String id, EndpointDraft draft) {
        endpoints.refresh().find(id).ifPresent(old -> changed(old, draft));
    }

    /** A receiver that is told everything twice seldom expects it. */
    private void refuseDuplicate(Endpoint fresh, EndpointDraft draft) {
        if (!draft.duplicate()) {
            endpoints.refresh().endpoints().stream()
                    .filter(fresh::repeats)
                    .findFirst()
                    .ifPresent(other -> {
                        throw new DuplicateEndpoint(other.id());
                    });
        }
    }

    /**
     * Changes an endpoint; of a configured one only that it was given up can be taken back, by {@code enabled: true}.
     *
     * @return empty when there is none of that id
     */
    public Optional<View> change(String id, EndpointDraft draft) {
        var found = endpoints.refresh().find(id);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        var old = found.get();
        var fresh = changed(old, draft);
        if (old.configured()) {
            endpoints.table().revive(id);
        } else {
            if (!fresh.url().equals(old.url())
                    || draft.device().isPresent()
                    || draft.events().isPresent()) {
                refuseDuplicate(fresh, draft);
            }
            endpoints.table().replace(fresh, clock.millis());
        }
        changed.run();
        return find(id);
    }

    private Endpoint changed(Endpoint old, EndpointDraft draft) {
        return judge.changed(old, draft, secret -> after(old.secrets(), secret, OVERLAP));
    }

    private EndpointSecrets after(EndpointSecrets old, String next, Duration overlap) {
        return old.readable() ? old.rotated(next, clock.millis() + overlap.toMillis()) : EndpointSecrets.of(next);
    }

    /** Removes an endpoint and what is on its way to it; false when there is none. */
    public boolean remove(String id) {
        if (endpoints.refresh().find(id).filter(Endpoint::configured).isPresent()) {
            throw new InvalidEndpoint("id", "names an endpoint of the configuration; remove it there");
        }
        boolean removed = endpoints.table().remove(id);
        changed.run();
        return removed;
    }

    /**
     * Gives an endpoint made at run time another secret; the present one signs as well until the overlap is over.
     *
     * @throws InvalidEndpoint when there is no such endpoint, or it is one of the configuration
     */
    public void rotateSecret(String id, String secret, Duration overlap) {
        var old = endpoints
                .refresh()
                .find(id)
                .filter(endpoint -> !endpoint.configured())
                .orElseThrow(() -> new InvalidEndpoint("id", "names no endpoint that was made at run time"));
        endpoints
                .table()
                .replace(
                        new Endpoint(
                                id,
                                old.url(),
                                after(old.secrets(), policy.checked(secret), overlap),
                                old.events(),
                                old.ignored(),
                                old.dialect(),
                                old.enabled(),
                                old.device(),
                                false),
                        clock.millis());
        changed.run();
    }

    /** Sends a test event to one endpoint and returns its delivery's number; empty when there is no such endpoint. */
    public OptionalLong ping(String id, Account account) {
        var found = endpoints.refresh().find(id);
        if (found.isEmpty()) {
            return OptionalLong.empty();
        }
        long now = clock.millis();
        var notice = new Fanout(
                "evt_" + Webhooks.random(16),
                account.device(),
                EventName.PING,
                now,
                OrderKey.NONE,
                List.of(new Fanout.Letter(id, found.get().dialect().ping(account, now), false)));
        long seq = store.write(tx -> {
            Webhooks.store(tx, notice, now);
            EndpointTable.changed(tx);
            return tx.one(row -> row.number(1), "SELECT seq FROM delivery WHERE event = ?", notice.id())
                    .orElseThrow();
        });
        changed.run();
        return OptionalLong.of(seq);
    }
}
