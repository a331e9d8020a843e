package gateway.engine;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What a message holds. Each kind's {@link #kind} is its name in the database and never changes. Every engine gets
 * every kind; one that cannot send it refuses with {@link EngineRefusal.Reason#UNSUPPORTED}.
 */
public sealed interface Content {

    String kind();

    /** The words a person reads, for search and the thread view; empty when there are none. */
    String body();

    /** What goes with the message whatever it holds. */
    Options options();

    default boolean forwarded() {
        return options().forwarded();
    }

    /**
     * What goes with any message.
     *
     * @param replyTo the message it answers, or empty
     * @param quoted that message's words, as far as known
     * @param expires seconds until it disappears; 0 = never
     * @param mentions whom the text speaks to, as {@code @<user>} in it
     */
    record Options(String replyTo, String quoted, boolean forwarded, long expires, List<Jid> mentions) {
        public static final Options NONE = new Options("", "", false, 0, List.of());

        public Options {
            mentions = List.copyOf(mentions);
        }
    }

    /** Plain text. */
    record Text(String body, Options options) implements Content {
        public Text(String body, String replyTo, boolean forwarded, long expires) {
            this(body, new Options(replyTo, "", forwarded, expires, List.of()));
        }

        @Override
        public String kind() {
            return "text";
        }
    }

    /**
     * A file with what is said about it.
     *
     * @param viewOnce whether it can be opened only once
     * @param voice whether an audio file is shown as a voice message, a video as an animation
     */
    record Media(Type type, Attachment file, String caption, boolean viewOnce, boolean voice, Options options)
            implements Content {
        /** How WhatsApp shows the file. */
        public enum Type {
            IMAGE,
            VIDEO,
            AUDIO,
            DOCUMENT,
            STICKER,
            VIDEO_NOTE;

            /** The type's name in the database and in webhooks. */
            public String word() {
                return name().toLowerCase(Locale.ROOT);
            }
        }

        /** The same with another form of its file. */
        public Media with(Attachment other) {
            return new Media(type, other, caption, viewOnce, voice, options);
        }

        @Override
        public String kind() {
            return type.word();
        }

        @Override
        public String body() {
            return caption;
        }
    }

    /** Somebody's card. {@code vcard} is a vCard 3.0 (RFC 2426). */
    record Card(String name, String vcard, Options options) implements Content {
        /**
         * The card of a person with one number; {@code waid} is how WhatsApp's clients know the number for one of
         * theirs.
         *
         * @param phone digits with the country's code
         */
        public static Card of(String name, String phone, Options options) {
            var plain = name.replace("\\", "\\\\")
                    .replace(",", "\\,")
                    .replace(";", "\\;")
                    .replaceAll("\\R", "\\\\n");
            return new Card(
                    name,
                    "BEGIN:VCARD\nVERSION:3.0\nN:;" + plain + ";;;\nFN:" + plain + "\nTEL;type=CELL;waid=" + phone
                            + ":+" + phone + "\nEND:VCARD",
                    options);
        }

        @Override
        public String kind() {
            return "contact";
        }

        @Override
        public String body() {
            return name;
        }
    }

    /** A place, in degrees; {@code live} when its sender keeps sending where they are. */
    record Location(double latitude, double longitude, String name, String address, boolean live, Options options)
            implements Content {
        @Override
        public String kind() {
            return live ? "live_location" : "location";
        }

        @Override
        public String body() {
            return name;
        }
    }

    /** A link with words of its own. */
    record Link(String url, String caption, Options options) implements Content {
        @Override
        public String kind() {
            return "link";
        }

        @Override
        public String body() {
            return caption + "\n" + url;
        }
    }

    /** A question with answers to choose from; {@code most} is how many one person may choose. */
    record Poll(String question, List<String> choices, int most, Options options) implements Content {
        public Poll {
            choices = List.copyOf(choices);
        }

        @Override
        public String kind() {
            return "poll";
        }

        @Override
        public String body() {
            return question;
        }
    }

    /**
     * A vote in a poll. A person's newest vote in a poll counts in the stead of the earlier ones.
     *
     * @param poll the id of the poll's message
     * @param choices the chosen answers in the poll's words and order; none when the vote was taken back
     * @param options say that the vote answers the poll
     */
    record Vote(String poll, List<String> choices, Options options) implements Content {
        public Vote {
            choices = List.copyOf(choices);
        }

        /** A vote in the poll of that id. */
        public static Vote in(String poll, List<String> choices) {
            return new Vote(poll, choices, new Options(poll, "", false, 0, List.of()));
        }

        @Override
        public String kind() {
            return "poll_vote";
        }

        @Override
        public String body() {
            return choices.isEmpty() ? "The vote was taken back" : String.join(", ", choices);
        }
    }

    /**
     * What only businesses send: a list to choose from, or an order. {@code json} is WhatsApp's own form of it, an
     * object.
     *
     * @param kind {@code list} or {@code order}
     */
    record Structured(String kind, String json, Options options) implements Content {
        @Override
        public String body() {
            return "";
        }
    }

    /**
     * A message that came in and that this gateway cannot show. It is kept and told, so that a person sees that
     * something came.
     *
     * @param what WhatsApp's word for it, such as {@code album}, or why it cannot be shown, such as
     *             {@code undecryptable}: 1 to 64 lower-case letters, digits and underscores
     */
    record Unsupported(String what, Options options) implements Content {
        private static final Pattern WORD = Pattern.compile("[a-z0-9_]{1,64}");

        public Unsupported {
            if (!isWord(what)) {
                throw new IllegalArgumentException("not a word for a message that cannot be shown");
            }
        }

        /** Whether the text has the form of {@link #what}. */
        public static boolean isWord(String text) {
            return WORD.matcher(text).matches();
        }

        @Override
        public String kind() {
            return "unsupported";
        }

        @Override
        public String body() {
            return "A message came that cannot be shown here: " + what.replace('_', ' ');
        }
    }

    /** Changes an earlier message ({@code target}) of the same chat instead of being one. */
    sealed interface Change extends Content {
        String target();

        @Override
        default Options options() {
            return Options.NONE;
        }
    }

    /** A reaction; an empty {@code emoji} takes it back. */
    record Reaction(String target, String emoji) implements Change {
        @Override
        public String kind() {
            return "reaction";
        }

        @Override
        public String body() {
            return emoji;
        }
    }

    /** New words for a message. */
    record Edit(String target, String body) implements Change {
        @Override
        public String kind() {
            return "edit";
        }
    }

    /** Takes a message back for everybody. */
    record Revoke(String target, boolean targetFromMe) implements Change {
        @Override
        public String kind() {
            return "revoke";
        }

        @Override
        public String body() {
            return "";
        }
    }
}
