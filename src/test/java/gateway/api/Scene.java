package gateway.api;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

import com.fasterxml.jackson.databind.node.ObjectNode;

import gateway.api.Specification.Operation;

/**
 * A stage that is set once and copied for each request, so that the outcomes of two requests can be compared: whatever
 * differs is of the requests' making.
 */
final class Scene implements AutoCloseable {
    /** An account beside the usual one; nothing is paired with it. */
    static final String SECOND = "second";

    private static final long PATIENCE_NANOS = 700_000_000;

    static final String OTHER_CHANNEL = "120363144038483541@newsletter";
    /** A business beside 12025550103. */
    static final String OTHER_SHOP = "12025550109";
    /** A person who asks to be let into the group, as 12025550104 does. */
    static final String ASKER = "12025550107";

    private final Path directory;
    private final Path template;
    private final Stage stage;
    private final Masks masks;
    private int copies;
    /** A copy in which nothing has changed yet. */
    private Copy open;

    /** A further message in the chat of the stage's message. */
    final String otherMessage;

    final String otherGroup;
    /** The invite link of a group that somebody else made. */
    final String otherInvite;

    Scene(Path directory) {
        this.directory = directory;
        this.template = directory.resolve("template");
        try (var rig = start(made(template))) {
            this.stage = new Stage(rig).set();
            otherMessage = message(rig, ApiRig.ALICE, "Second");
            message(rig, ApiRig.BOB, "Third");
            var sent = rig.post(
                    "/send/message", ApiRig.object().put("phone", ApiRig.ALICE).put("message", "Fourth"));
            if (sent.status() != 200) {
                throw new IllegalStateException(sent.message());
            }
            rig.post("/chat/" + ApiRig.BOB + "/archive", ApiRig.object().put("archived", true));
            var other = group("Other group");
            other.withArray("participants").add("12025550111");
            otherGroup = rig.post("/group", other).results().path("group_id").asText();
            ask(rig, otherGroup, "12025550104");
            ask(rig, stage.group(), ASKER);
            otherInvite = rig.post("/sandbox/group", group("Foreign group").put("owner", ApiRig.ALICE))
                    .results()
                    .path("invite_link")
                    .asText();
            rig.post(
                    "/sandbox/newsletter",
                    ApiRig.object()
                            .put("newsletter_id", OTHER_CHANNEL)
                            .put("type", "join")
                            .put("name", "Other news"));
            rig.post(
                    "/sandbox/contact",
                    ApiRig.object()
                            .put("phone", OTHER_SHOP)
                            .put("name", "Other Shop")
                            .put("business", true));
            rig.post("/devices", ApiRig.object().put("device_id", SECOND));
            settle(rig);
        }
        this.masks = new Masks(Rows.all(template));
    }

    private static ObjectNode group(String title) {
        ObjectNode group = ApiRig.object().put("title", title);
        group.putArray("participants").add(ApiRig.ALICE).add(ApiRig.BOB);
        return group;
    }

    private static void ask(ApiRig rig, String group, String who) {
        rig.post(
                "/sandbox/group/request", ApiRig.object().put("group_id", group).put("phone", who));
    }

    private static String message(ApiRig rig, String from, String text) {
        return rig.post("/sandbox/inbound", ApiRig.object().put("from", from).put("message", text))
                .results()
                .path("message_id")
                .asText();
    }

    private static Path made(Path directory) {
        try {
            return Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A file from a URL is the sample of its last part: {@code https://files.example/image}. */
    private static ApiRig start(Path directory) {
        return new RigSetup(directory)
                .source((url, most, file) -> Files.write(
                        file,
                        Samples.file(url.substring(url.lastIndexOf('/') + 1)).bytes()))
                .start();
    }

    Stage stage() {
        return stage;
    }

    /**
     * Sends the request to a gateway that is as the template is.
     *
     * @param before what happens before it; empty when nothing does
     * @param times how often it is sent
     */
    Outcome outcome(Operation operation, Trial trial, Optional<Consumer<ApiRig>> before, int times) {
        var opened = open == null ? begin() : open;
        open = null;
        before.ifPresent(deeds -> deeds.accept(opened.rig()));
        settle(opened.rig());
        var rows = before.isPresent() ? Rows.all(opened.place()) : opened.rows();
        opened.rig().happened.clear();
        var reply = call(opened.rig(), operation, trial);
        for (int i = 1; i < times; i++) {
            settle(opened.rig());
            reply = call(opened.rig(), operation, trial);
        }
        settle(opened.rig());
        var masked = masks.beside(trial.words());
        var left = new ArrayList<String>();
        Rows.difference(rows, Rows.all(opened.place())).forEach(row -> left.add(masked.of(row)));
        opened.rig().happened.forEach(event -> left.add(masked.of(event.toString())));
        left.sort(null);
        if (before.isEmpty() && left.isEmpty() && !operation.path().contains("login")) {
            open = opened;
        } else {
            opened.end();
        }
        var said = reply.type().startsWith("application/json") || reply.type().startsWith("text/")
                ? new String(reply.body(), StandardCharsets.UTF_8)
                : reply.type() + " of " + reply.body().length + " bytes";
        return new Outcome(reply.status(), masked.of(said), left);
    }

    /** A gateway with a copy of the template. */
    private record Copy(Path place, ApiRig rig, List<String> rows) {
        void end() {
            rig.close();
            remove(place);
        }
    }

    private Copy begin() {
        var place = directory.resolve("copy" + copies++);
        copy(template, place);
        var rig = start(place);
        settle(rig);
        return new Copy(place, rig, Rows.all(place));
    }

    /** Lets a gateway of its own be used. */
    void visit(Consumer<ApiRig> use) {
        var copy = begin();
        try {
            use.accept(copy.rig());
        } finally {
            copy.end();
        }
    }

    ApiRig.Reply call(ApiRig rig, Operation operation, Trial trial) {
        return rig.with(trial.headers(), () -> stage.on(rig).call(operation, trial));
    }

    /** Waits until no message is under way, for 0.7 seconds at most, because a request can make a message wait. */
    private static void settle(ApiRig rig) {
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (isBusy(rig) && System.nanoTime() - end < 0) {
            LockSupport.parkNanos(2_000_000);
        }
    }

    private static boolean isBusy(ApiRig rig) {
        return rig.store.number("SELECT (SELECT count(*) FROM sandbox_pending WHERE aside_at IS NULL)"
                        + " + (SELECT count(*) FROM outbox WHERE state = 0)")
                > 0;
    }

    @Override
    public void close() {
        if (open != null) {
            open.end();
        }
    }

    private static void copy(Path from, Path to) {
        try (var files = Files.walk(from)) {
            for (var file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void remove(Path directory) {
        try (var files = Files.walk(directory)) {
            for (var file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Good values of the fields that the operation must have, for the usual account. */
    Trial needed(Operation operation) {
        var trial = Trial.EMPTY;
        for (var field : operation.fields()) {
            boolean file = field.isFile() && !operation.path().startsWith("/sandbox");
            if (file) {
                trial = trial.file(field.name(), Samples.file(field.name()));
            } else if (field.required() && !field.in().equals("path")) {
                trial = trial.with(field, stage.value(operation, field));
            }
            if (field.in().equals("header") && field.name().equals("X-Device-Id")) {
                trial = trial.header("X-Device-Id", ApiRig.DEVICE);
            }
        }
        return trial;
    }
}
