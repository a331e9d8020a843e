package gateway.command;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import gateway.check.Attestation;
import gateway.check.AttestationBook;
import gateway.check.Item;
import gateway.check.Unseen;
import gateway.config.OneLine;
import gateway.config.catalogue.Spelling;
import gateway.process.ExitCode;

/** {@code whatsapp attest}: records what a person says about an item of the checklist. */
@Command(
        name = "attest",
        description = {
            "Records that an item of the checklist is met, where no machine can prove it.",
            "The record has an owner, an end and the hash of the file that it rests on; the security log keeps it too.",
            "After its end, or when the file is changed, whatsapp check shows the item as failed.",
            "Exits 0 when recorded, 2 when nothing was done."
        },
        footer = {
            "",
            "Examples:",
            "  whatsapp attest B-WEEK-1 --by \"Ada Example\" --until 2027-01-08",
            "  whatsapp attest A-TEST-5 --by \"Ada Example\" --until 2027-12-31 --file /srv/reports/pentest.pdf",
            "  whatsapp attest --list"
        })
public final class AttestCommand implements Callable<Integer> {
    private static final int MAX_NAME = 100;

    private final Supplier<Open> open;
    private final InstantSource clock;

    @Spec
    private CommandSpec spec;

    /**
     * What the command works on.
     *
     * @param hash    the SHA-256 of a file; throws {@link Unseen} when it cannot be had
     * @param noted   writes an attestation to the security log, or throws
     * @param closing closes the log
     */
    public record Open(AttestationBook book, Function<Path, String> hash, Consumer<Attestation> noted, Runnable closing)
            implements AutoCloseable {
        @Override
        public void close() {
            closing.run();
        }
    }

    @Parameters(paramLabel = "ITEM", arity = "0..1", description = "the item's id, such as A-TEST-5")
    private @Nullable String item;

    @Option(names = "--by", paramLabel = "NAME", description = "who says so: the owner of the record")
    private @Nullable String by;

    @Option(names = "--until", paramLabel = "DATE", description = "the last day on which it holds, such as 2027-01-31")
    private @Nullable String until;

    @Option(names = "--file", paramLabel = "FILE", description = "what it rests on, such as a report")
    private @Nullable Path file;

    @Option(names = "--list", description = "show every item that a person attests, and record nothing")
    private boolean list;

    /** @param open opens the book and the security log when there is something to do */
    public AttestCommand(Supplier<Open> open, InstantSource clock) {
        this.open = open;
        this.clock = clock;
    }

    @Override
    public Integer call() {
        if (list) {
            if (item != null || by != null || until != null || file != null) {
                throw refused("--list stands alone.");
            }
            return list();
        }
        var named = item(item);
        var owner = owner(by);
        var last = until(named, until);
        if (file != null && !OneLine.of(file.toString()).equals(file.toString())) {
            throw refused("--file is a path without control characters.");
        }
        try (var opened = open.get()) {
            var proof = Optional.ofNullable(file)
                    .map(path -> path.toAbsolutePath().normalize())
                    .map(path ->
                            new Attestation.Proof(path.toString(), opened.hash().apply(path)));
            var attestation = new Attestation(named.id(), owner, Instant.ofEpochMilli(clock.millis()), last, proof);
            // In the log first: nothing counts that the log does not tell of.
            opened.noted().accept(attestation);
            opened.book().write(attestation);
        } catch (Unseen e) {
            throw refused("--file cannot be hashed: " + e.getMessage() + ".");
        } catch (UncheckedIOException e) {
            return UsageErrors.refused(spec, e.getMessage() + ".");
        }
        var out = spec.commandLine().getOut();
        out.println(named.id() + " is attested by " + owner + " until " + last + ".");
        out.flush();
        return ExitCode.DONE;
    }

    private int list() {
        try (var opened = open.get()) {
            var listing = new Listing("ITEM", "DAYS", "UNTIL", "BY", "THE GUIDE ASKS");
            for (var attested : Item.all()) {
                if (attested.isAttested()) {
                    row(listing, attested, opened.book());
                }
            }
            listing.print(spec.commandLine().getOut());
        }
        return ExitCode.DONE;
    }

    private void row(Listing listing, Item attested, AttestationBook book) {
        String end;
        String owner = "";
        try {
            var found = book.find(attested.id());
            owner = found.map(one -> one.attestation().by()).orElse("");
            end = found.map(one -> one.trouble().isPresent()
                            ? "not valid"
                            : one.attestation().until()
                                    + (clock.instant()
                                                    .isBefore(one.attestation().end())
                                            ? ""
                                            : " (over)"))
                    .orElse("never");
        } catch (Unseen e) {
            end = "unreadable";
        }
        listing.row(attested.id(), attested.days(), end, owner, attested.demand());
    }

    private Item item(@Nullable String word) {
        if (word == null) {
            throw refused("Say which: an ITEM or --list.");
        }
        var known = Item.all().stream().collect(Collectors.toMap(Item::id, one -> one));
        var id = word.toUpperCase(Locale.ROOT);
        var found = known.get(id);
        if (found == null) {
            // What was typed is not repeated: a stray argument may be a secret.
            throw refused("ITEM is no item of the checklist"
                    + Spelling.nearest(id, known.keySet())
                            .map(near -> "; did you mean " + near + "?")
                            .orElse("; whatsapp attest --list shows those that a person attests."));
        }
        if (!found.isAttested()) {
            throw refused(id + " is proved by a machine; run whatsapp check --only " + id + ".");
        }
        return found;
    }

    private String owner(@Nullable String name) {
        if (name == null) {
            throw refused("--by is needed: a record has an owner.");
        }
        var owner = name.strip();
        if (owner.isEmpty() || owner.length() > MAX_NAME || !OneLine.of(owner).equals(owner)) {
            throw refused("--by is one line of 1 to " + MAX_NAME + " characters, without control characters.");
        }
        return owner;
    }

    private LocalDate until(Item named, @Nullable String text) {
        if (text == null) {
            throw refused("--until is needed: a record has an end.");
        }
        LocalDate last;
        try {
            last = LocalDate.parse(text);
        } catch (DateTimeException e) {
            throw refused("--until must be a day such as 2027-01-31.");
        }
        var today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        if (last.isBefore(today)) {
            throw refused("--until is in the past.");
        }
        if (last.isAfter(today.plusDays(named.days()))) {
            throw refused("--until may be at most " + named.days() + " days ahead for " + named.id() + ", which is "
                    + today.plusDays(named.days()) + ".");
        }
        return last;
    }

    private ParameterException refused(String sentence) {
        return new ParameterException(spec.commandLine(), sentence);
    }
}
