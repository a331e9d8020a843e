package gateway.command;

import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import gateway.http.Envelope;
import gateway.process.ExplainedFault;
import gateway.process.PassingFault;

/** {@code whatsapp pair}: asks the running gateway for a code, shows it, and waits until a phone has taken it. */
@Command(
        name = "pair",
        description = {
            "Links an account to a phone: draws the QR code to scan, or shows a code to type there.",
            "Speaks to the gateway that runs on this machine with the same settings; ends 0 when the account is linked,",
            "2 when only a person can change what is wrong, 75 when it is worth trying again.",
            "With --link it ends 0 as soon as the link is made.",
            "",
            PairCommand.UNOFFICIAL,
            PairCommand.OFFICIAL,
            PairCommand.PROVEN
        },
        footer = {
            "",
            "Examples:",
            "  whatsapp pair",
            "  whatsapp pair --phone 6281234567890",
            "  whatsapp pair --device support-desk",
            "  whatsapp pair --link",
            "  whatsapp pair --engine web"
        })
public final class PairCommand implements Callable<Integer> {
    static final String UNOFFICIAL =
            "Not affiliated with WhatsApp. The protocol is unofficial, and WhatsApp can ban the number;";
    static final String OFFICIAL =
            "Meta's Cloud API is the official way. The web engine is proven against a twin of WhatsApp's";
    static final String PROVEN = "servers only, never against WhatsApp's own.";
    private static final String SCAN =
            "On the phone: WhatsApp > Linked devices > Link a device. The code renews itself.";
    private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost", "[::1]");
    private static final Duration TURN = Duration.ofMillis(500);

    private final Function<Optional<String>, Open> open;
    private final Screen screen;
    private final Duration patience;

    @Option(names = "--device", paramLabel = "ID", description = "the account, when there are several")
    private @Nullable String device;

    @Option(
            names = "--phone",
            paramLabel = "NUMBER",
            description = "the phone's number with its country code: shows a code to type there instead of a QR code")
    private @Nullable String phone;

    @Option(
            names = "--link",
            description = {
                "prints a link for the person who holds the phone, valid for one use within ten minutes:",
                "its page shows the QR code, or with --phone the code to type"
            })
    private boolean link;

    @Option(
            names = "--engine",
            paramLabel = "NAME",
            description = "gives the account this engine first; what a pretended phone was linked to goes, chats stay")
    private @Nullable String engine;

    /**
     * The running gateway; closing it revokes the token of this command.
     *
     * @param keeping lets the token stay until it ends by itself: a link ends with the token that made it
     */
    public record Open(ApiClient gateway, Runnable keeping, Runnable closing) implements AutoCloseable {
        @Override
        public void close() {
            closing.run();
        }
    }

    /**
     * @param open opens the way to the running gateway; its argument is the one account that is meant, when it is named
     * @param patience how long to wait for the phone
     */
    public PairCommand(Function<Optional<String>, Open> open, Screen screen, Duration patience) {
        this.open = open;
        this.screen = screen;
        this.patience = patience;
    }

    @Override
    public Integer call() {
        try (var opened = open.apply(Optional.ofNullable(device))) {
            var gateway = opened.gateway();
            var state = gateway.get("/console/state");
            var account = account(state);
            if (engine != null && !engine.equals(account.path("engine").asText())) {
                account = moved(gateway, account);
            }
            if (!isLinked(account)) {
                refuseSandbox(account);
                screen.say(String.join("\n", UNOFFICIAL, OFFICIAL, PROVEN, ""));
                if (link) {
                    printLink(gateway, account.path("id").asText());
                    opened.keeping().run();
                    return 0;
                }
                account = paired(gateway, account.path("id").asText());
            }
            screen.say("Account " + account.path("id").asText() + " is linked: "
                    + account.path("jid").asText()
                    + (isUp(account) ? "." : ". Its connection to WhatsApp is down at this moment."));
            return 0;
        }
    }

    /** The account with the engine that was asked for. A pairing with a real phone is not given up here. */
    private JsonNode moved(ApiClient gateway, JsonNode account) {
        var id = account.path("id").asText();
        gateway.post(
                "/devices/" + ApiClient.part(id) + "/engine",
                Envelope.JSON.createObjectNode().put("engine", engine).put("force", isSandbox(account)));
        screen.say("Account " + id + " has the engine " + engine + " now; chats stay.");
        return stateOf(gateway, id);
    }

    private static boolean isSandbox(JsonNode account) {
        return account.path("engine").asText().equals("sandbox");
    }

    private static void refuseSandbox(JsonNode account) {
        if (isSandbox(account)) {
            throw new ExplainedFault(
                    "The account " + account.path("id").asText() + " is on the sandbox engine, a pretended WhatsApp:"
                            + " no phone can link to it, and no message leaves this machine. To go real, give it the web engine:"
                            + " whatsapp pair --engine web. New accounts have it where the gateway was started with WHATSAPP_ENGINE=web"
                            + " (rest --engine web). The sandbox's own phone scans with POST /sandbox/pair.");
        }
    }

    private JsonNode account(JsonNode state) {
        var accounts =
                StreamSupport.stream(state.path("devices").spliterator(), false).toList();
        if (device != null) {
            return accounts.stream()
                    .filter(account -> account.path("id").asText().equals(device))
                    .findFirst()
                    .orElseThrow(() -> new ExplainedFault(
                            "--device: the gateway has no account of that id. POST /devices makes one."));
        }
        if (accounts.size() != 1) {
            var names = accounts.stream()
                    .map(account -> account.path("id").asText())
                    .collect(Collectors.joining(", "));
            throw new ExplainedFault(
                    accounts.isEmpty()
                            ? "The gateway has no account. POST /devices makes one."
                            : "There are several accounts; say which by --device: " + names + ".");
        }
        return accounts.getFirst();
    }

    private void printLink(ApiClient gateway, String id) {
        var made = gateway.post("/devices/" + ApiClient.part(id) + "/login/link"
                + (phone == null ? "" : "?phone=" + ApiClient.part(phone)));
        var address = made.path("pair_link").asText();
        screen.say("For the person who holds the phone: valid for one use within "
                + made.path("link_duration").longValue() / 60 + " minutes.");
        screen.say(address);
        if (LOOPBACK.contains(Objects.requireNonNullElse(URI.create(address).getHost(), ""))) {
            screen.say("The link leads to this machine only. For others, set APP_PUBLIC_URL to the address where they"
                    + " reach the gateway.");
        }
    }

    /** Shows codes until a phone has taken one and the account's connection is up. */
    private JsonNode paired(ApiClient gateway, String id) {
        long end = System.nanoTime() + patience.toNanos();
        long renewal = System.nanoTime();
        var shown = "";
        if (phone != null) {
            var code = gateway.post("/devices/" + ApiClient.part(id) + "/login/code?phone=" + ApiClient.part(phone));
            screen.say("On the phone: WhatsApp > Linked devices > Link a device > Link with phone number instead.");
            screen.say("The code: " + code.path("pair_code").asText());
        }
        while (true) {
            var now = stateOf(gateway, id);
            if (isUp(now)) {
                return now;
            }
            if (System.nanoTime() >= end) {
                throw new PassingFault(
                        isLinked(now)
                                ? "The phone has agreed, but the connection to WhatsApp does not come up; look at the gateway's log."
                                : "No phone has taken the code within " + patience.toSeconds()
                                        + " seconds. Nothing is linked; run whatsapp pair again.");
            }
            if (phone == null && !isLinked(now) && System.nanoTime() >= renewal) {
                var code = gateway.get("/devices/" + ApiClient.part(id) + "/login");
                renewal = System.nanoTime()
                        + Duration.ofSeconds(code.path("qr_duration").longValue())
                                .toNanos();
                if (!code.path("qr_text").asText().equals(shown)) {
                    shown = code.path("qr_text").asText();
                    screen.draw(shown, SCAN);
                }
            }
            pause();
        }
    }

    private JsonNode stateOf(ApiClient gateway, String id) {
        for (var account : gateway.get("/console/state").path("devices")) {
            if (account.path("id").asText().equals(id)) {
                return account;
            }
        }
        throw new ExplainedFault("The account " + id + " was removed meanwhile.");
    }

    private static boolean isLinked(JsonNode account) {
        return !account.path("jid").asText().isEmpty();
    }

    private static boolean isUp(JsonNode account) {
        return account.path("state").asText().equals("logged_in");
    }

    private static void pause() {
        try {
            Thread.sleep(TURN);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PassingFault("The command was interrupted.", e);
        }
    }
}
