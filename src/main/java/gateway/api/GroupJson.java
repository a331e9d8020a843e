package gateway.api;

import java.util.List;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import gateway.api.request.Times;
import gateway.engine.Groups.Group;
import gateway.engine.Groups.Outcome;
import gateway.engine.Jid;
import gateway.http.Envelope;

/** How groups are written: in the Pascal case of the original's library, which clients read. */
final class GroupJson {
    /** How the original writes a time that never was. */
    private static final String NEVER = "0001-01-01T00:00:00Z";

    private GroupJson() {}

    static ObjectNode group(Group group) {
        var json = Envelope.JSON
                .createObjectNode()
                .put("JID", group.jid().toString())
                .put("OwnerJID", group.owner().map(Jid::toString).orElse(""))
                .put("Name", group.name())
                .put("NameSetAt", time(group.nameAt()))
                .put("NameSetBy", group.nameBy())
                .put("Topic", group.topic())
                .put("TopicID", group.topicAt() == 0 ? "" : Long.toString(group.topicAt()))
                .put("TopicSetAt", time(group.topicAt()))
                .put("TopicSetBy", group.topicBy())
                .put("TopicDeleted", false)
                .put("IsLocked", group.locked())
                .put("IsAnnounce", group.announce())
                .put("AnnounceVersionID", Long.toString(group.createdAt()))
                .put("IsEphemeral", group.ephemeral() > 0)
                .put("DisappearingTimer", group.ephemeral())
                .put("IsIncognito", false)
                .put("IsParent", false)
                .put("DefaultMembershipApprovalMode", "")
                .put("LinkedParentJID", "")
                .put("IsDefaultSubGroup", false)
                .put("IsJoinApprovalRequired", group.approval())
                .put("GroupCreated", time(group.createdAt()))
                .put("ParticipantVersionID", Long.toString(group.createdAt()));
        var participants = json.putArray("Participants");
        group.members()
                .forEach(member -> participants
                        .addObject()
                        .put("JID", member.jid().toString())
                        .put("LID", member.lid())
                        .put("IsAdmin", member.admin())
                        .put("IsSuperAdmin", member.owner())
                        .put("DisplayName", member.name())
                        .put("Error", 0)
                        .putNull("AddRequest"));
        return json.put("MemberAddMode", "admin_add");
    }

    static ObjectNode participants(Group group) {
        var json = Envelope.JSON
                .createObjectNode()
                .put("group_id", group.jid().toString())
                .put("name", group.name());
        var participants = json.putArray("participants");
        for (var member : group.members()) {
            var one = participants
                    .addObject()
                    .put("jid", member.jid().toString())
                    .put("phone_number", member.jid().user());
            if (!member.lid().isEmpty()) {
                one.put("lid", member.lid());
            }
            if (!member.name().isEmpty()) {
                one.put("display_name", member.name());
            }
            one.put("is_admin", member.admin()).put("is_super_admin", member.owner());
        }
        return json;
    }

    /** Comma-separated (RFC 4180). A cell that a spreadsheet would take for a formula begins with an apostrophe. */
    static String csv(Group group) {
        var csv = new StringBuilder("participant_jid,phone_number,lid,display_name,role\r\n");
        for (var member : group.members()) {
            csv.append(String.join(
                            ",",
                            cell(member.jid().toString()),
                            cell(member.jid().user()),
                            cell(member.lid()),
                            cell(member.name()),
                            member.owner() ? "super_admin" : member.admin() ? "admin" : "member"))
                    .append("\r\n");
        }
        return csv.toString();
    }

    private static String cell(String text) {
        var safe = !text.isEmpty() && "=+-@\t\r".indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
        return safe.matches("[^\",\r\n]*") ? safe : '"' + safe.replace("\"", "\"\"") + '"';
    }

    static ObjectNode preview(Group group) {
        return Envelope.JSON
                .createObjectNode()
                .put("group_id", group.jid().toString())
                .put("name", group.name())
                .put("topic", group.topic())
                .put("created_at", time(group.createdAt()))
                .put("participant_count", group.members().size())
                .put("is_locked", group.locked())
                .put("is_announce", group.announce())
                .put("is_ephemeral", group.ephemeral() > 0)
                .put("description", group.topic());
    }

    static ArrayNode outcomes(List<Outcome> outcomes) {
        var array = Envelope.JSON.createArrayNode();
        outcomes.forEach(outcome -> array.addObject()
                .put("participant", outcome.member().toString())
                .put("status", outcome.done() ? "success" : "error")
                .put("message", message(outcome)));
        return array;
    }

    /** The sentence; of what was not done, with WhatsApp's own number. */
    private static String message(Outcome outcome) {
        return outcome.done() || outcome.code() == 0
                ? outcome.message()
                : outcome.message() + " (" + outcome.code() + ")";
    }

    private static String time(long at) {
        return at == 0 ? NEVER : Times.rfc3339(at);
    }
}
