package gateway.engine;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The groups this account is in. Every method may throw {@link EngineRefusal}: {@code NO_SUCH_RECIPIENT} for a group
 * there is not, {@code REJECTED} when the account may not do it.
 */
public interface Groups {

    /** Groups the account is a member of. */
    List<Group> list();

    Group info(Jid group);

    /** Makes a group with this account as its first admin. */
    Jid create(String title, List<Jid> members);

    void leave(Jid group);

    /** Does the same to each of the members; what became of each is in the answer, in the order given. */
    List<Outcome> change(Jid group, Change change, List<Jid> members);

    /** People who asked to be let in. */
    List<Request> requests(Jid group);

    /** Lets people in who asked, or turns them away. */
    List<Outcome> answer(Jid group, boolean approve, List<Jid> members);

    void name(Jid group, String name);

    /** An empty topic removes it. */
    void topic(Jid group, String topic);

    /** Whether only admins may change the group's name, picture and topic. */
    void locked(Jid group, boolean locked);

    /** Whether only admins may write. */
    void announce(Jid group, boolean announce);

    /** Sets the picture, a square JPEG; empty removes it. Returns the picture's id, or {@code remove}. */
    String photo(Jid group, Optional<Path> jpeg);

    /** The invite link's code. {@code reset} makes a new one; the old one stops working. */
    String invite(Jid group, boolean reset);

    /** What a link's code leads to, without joining. */
    Group preview(String code);

    /** Joins by a link's code. */
    Jid join(String code);

    /** What can be done to members. */
    enum Change {
        ADD,
        REMOVE,
        PROMOTE,
        DEMOTE
    }

    /** Times are epoch milliseconds, 0 when it never happened; {@code ephemeral} is seconds, 0 when messages stay. */
    record Group(
            Jid jid,
            Optional<Jid> owner,
            String name,
            long nameAt,
            String nameBy,
            String topic,
            long topicAt,
            String topicBy,
            boolean locked,
            boolean announce,
            boolean approval,
            long ephemeral,
            long createdAt,
            List<Member> members) {
        public Group {
            members = List.copyOf(members);
        }

        /** The same group with these members. */
        public Group with(List<Member> known) {
            return new Group(
                    jid, owner, name, nameAt, nameBy, topic, topicAt, topicBy, locked, announce, approval, ephemeral,
                    createdAt, known);
        }
    }

    /** {@code name} and {@code lid} are empty when unknown. */
    record Member(Jid jid, String lid, String name, boolean admin, boolean owner) {}

    record Request(Jid jid, long at) {}

    /**
     * What became of one member.
     *
     * @param code WhatsApp's own number: 200 when it was done, 403 when the person lets only some people add them, 404
     *             when the person is not there, 409 when nothing was to be done; 0 when WhatsApp gave none
     * @param message one sentence
     */
    record Outcome(Jid member, boolean done, int code, String message) {
        public static final int DONE = 200;
        public static final int ABSENT = 404;
        public static final int ALREADY = 409;
    }
}
