package gateway.engine.web;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

import gateway.engine.Events;
import gateway.engine.web.book.Book;
import gateway.engine.web.message.MessagePadding;
import gateway.engine.web.node.DeviceJid;
import gateway.engine.web.node.Node;
import gateway.engine.web.pairing.DeviceCredentials;
import gateway.engine.web.primitive.WireRefusal;
import gateway.engine.web.primitive.WireRefusal.Reason;
import gateway.engine.web.receive.Answers;
import gateway.engine.web.receive.MessageSource;
import gateway.engine.web.receive.OwnAddress;
import gateway.engine.web.receive.PublicKeys;
import gateway.engine.web.receive.RetryReceipts;
import gateway.engine.web.signal.CurvePair;
import gateway.engine.web.signal.GroupCipher;
import gateway.engine.web.signal.PreKeyBundle;
import gateway.engine.web.signal.SessionCipher;
import gateway.engine.web.signal.SignalSession;

/** Opens messages: decrypts them for {@link MessageTaking}, or asks for them once more (web-2 §3). */
final class Opener {
    private static final String GROUP = "skmsg";
    private static final int MAX_TRIED = 1_024;
    private static final int MAX_OPENED = 4_096;

    private final Book book;
    private final People people;
    private final Events events;
    private final MessageTaking taking;
    private final Identities identities;
    private final RandomGenerator random;
    /** How often each message was asked for again. */
    private final Map<String, Integer> tries = remembered(MAX_TRIED);
    /** The messages that were opened last. */
    private final Map<String, Boolean> opened = remembered(MAX_OPENED);

    Opener(
            Book book,
            People people,
            Events events,
            MessageTaking taking,
            Identities identities,
            RandomGenerator random) {
        this.book = book;
        this.people = people;
        this.events = events;
        this.taking = taking;
        this.identities = identities;
        this.random = random;
    }

    private static <V> Map<String, V> remembered(int most) {
        return new LinkedHashMap<>() {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
                return size() > most;
            }
        };
    }

    /** Takes one {@code <message>}. */
    void open(Node stanza, DeviceCredentials own, Drafts drafts) throws WireRefusal {
        DeviceCredentials.Paired account = own.paired().orElseThrow();
        OwnAddress self = new OwnAddress(account.jid(), account.lid());
        MessageSource source = MessageSource.of(stanza, self);
        learn(source, drafts);
        boolean told = false;
        Optional<WireRefusal> fault = Optional.empty();
        for (Node part : stanza.children()) {
            if (told) {
                break; // A further part is the same message, sealed anew.
            }
            try {
                if (part.is("enc") && (fault.isEmpty() || !part.has("type", GROUP))) {
                    told = taking.take(
                            MessagePadding.unpad(decrypt(part, source, own, drafts)), source, account, drafts);
                } else if (part.is("plaintext")) {
                    told = taking.take(part.bytes(), source, account, drafts);
                }
            } catch (WireRefusal e) {
                // A second part for this device may hold the same message; a group's part needs the keys of the first.
                fault = fault.or(() -> Optional.of(e));
            }
        }
        if (fault.isPresent() && !told) {
            refused(stanza, source, own, drafts, fault.get());
            return;
        }
        opened.put(name(source), true);
        if (!told && stanza.child("enc").isEmpty() && stanza.child("plaintext").isEmpty()) {
            taking.tell(source, Inbound.unsupported("unavailable"), drafts);
        }
        drafts.answers.add(Answers.received(stanza, source, true));
        if (source.category().equals("peer")) {
            drafts.answers.add(Answers.peer(stanza, "peer_msg", self));
        }
    }

    private static String name(MessageSource source) {
        return source.chat().text() + " " + source.sender().text() + " " + source.id();
    }

    private void refused(Node stanza, MessageSource source, DeviceCredentials own, Drafts drafts, WireRefusal why)
            throws WireRefusal {
        String name = name(source);
        if (why.reason() == Reason.DUPLICATE
                && (opened.containsKey(name) || events.has(people.shown(source.chat()), source.id()))) {
            drafts.answers.add(Answers.received(stanza, source, true));
            return;
        }
        Optional<Integer> attempt = RetryReceipts.nextTry(stanza, tries.getOrDefault(name, 0));
        System.getLogger(Opener.class.getName())
                .log(
                        System.Logger.Level.INFO,
                        "a message could not be opened ({0}), it is asked for again: {1}",
                        why.reason(),
                        attempt.isPresent());
        if (attempt.isEmpty()) {
            taking.tell(source, Inbound.unsupported("undecryptable"), drafts);
            drafts.answers.add(Answers.received(stanza, source, true));
            return;
        }
        tries.put(name, attempt.get());
        DeviceCredentials.SignedPreKey signed = own.signedPreKey();
        PublicKeys keys = new PublicKeys(
                own.registrationId(),
                own.identity().known(),
                signed.id(),
                signed.pair().known(),
                signed.signature(),
                own.paired().orElseThrow().signedIdentity());
        Optional<PreKeyBundle.OneTime> fresh = Optional.empty();
        if (RetryReceipts.needsKeys(attempt.get(), why.reason() == Reason.NO_SESSION)) {
            CurvePair pair = CurvePair.draw(random);
            int id = book.own().nextPreKey();
            book.write(book.own().keepPreKey(id, pair));
            fresh = Optional.of(new PreKeyBundle.OneTime(id, pair.known()));
        }
        drafts.answers.add(RetryReceipts.of(stanza, attempt.get(), keys, fresh));
    }

    private byte[] decrypt(Node enc, MessageSource source, DeviceCredentials own, Drafts drafts) throws WireRefusal {
        DeviceJid sender = people.filed(source.sender());
        String type = enc.required("type");
        if (type.equals(GROUP)) {
            GroupCipher.GroupDecrypted opened =
                    GroupCipher.decrypt(drafts.senderKeys(source.chat(), sender), enc.bytes());
            drafts.senderKeys(source.chat(), sender, opened.next());
            return opened.plain();
        }
        if (!type.equals("msg") && !type.equals("pkmsg")) {
            throw new WireRefusal(Reason.BAD_VERSION, "an unknown kind of encryption");
        }
        Optional<SignalSession> filed = drafts.session(sender);
        // The session of the time before the LID was known goes on under the LID.
        Optional<SignalSession> session =
                filed.isEmpty() && !sender.equals(source.sender()) ? drafts.session(source.sender()) : filed;
        SessionCipher.Decrypted opened = SessionCipher.decrypt(
                session,
                own.local(),
                SessionCipher.Kind.valueOf(type.toUpperCase(Locale.ROOT)),
                enc.bytes(),
                book.own().preKeys(),
                random);
        drafts.session(sender, opened.next());
        opened.usedPreKey().ifPresent(id -> drafts.changes.add(book.own().dropPreKey(id)));
        // A session is kept together with the identity that it was opened with.
        if (filed.filter(old -> old.current().remoteIdentity().equals(opened.identity()))
                .isEmpty()) {
            identities.proved(sender, opened.identity(), drafts);
        }
        return opened.plain();
    }

    private void learn(MessageSource source, Drafts drafts) {
        source.senderAlternate().ifPresent(other -> people.learn(source.sender(), other, drafts.changes));
        source.recipientAlternate().ifPresent(other -> people.learn(source.chat(), other, drafts.changes));
    }
}
