package gateway.engine.web.appstate;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import com.google.protobuf.InvalidProtocolBufferException;

import gateway.engine.web.node.DeviceJid;
import gateway.engine.web.node.Node;
import gateway.engine.web.primitive.WireRefusal;
import gateway.engine.web.primitive.WireRefusal.Reason;
import gateway.engine.web.proto.HistoryProto.ExternalBlobReference;

/**
 * The server's answer about one collection (dossier web-3 §5.3).
 *
 * @param snapshot where the snapshot is, when there is one
 * @param patches  encoded, in order
 * @param more     whether the server has more patches
 * @param error    the server's number of a refusal
 */
public record StateAnswer(
        String collection,
        Optional<ExternalBlobReference> snapshot,
        List<byte[]> patches,
        boolean more,
        Optional<String> error) {
    public StateAnswer {
        patches = List.copyOf(patches);
    }

    /**
     * Asks for what is newer than the stored versions.
     *
     * @param versions the stored version of each collection; 0 asks for a snapshot
     */
    public static Node question(Map<String, Long> versions) {
        return Node.of("iq")
                .with("type", "set")
                .with("xmlns", "w:sync:app:state")
                .with("to", DeviceJid.SERVER)
                .holding(Node.of("sync")
                        .holding(versions.entrySet().stream()
                                .map(one -> Node.of("collection")
                                        .with("name", one.getKey())
                                        .with("version", one.getValue())
                                        .with("return_snapshot", one.getValue() == 0 ? "true" : "false"))
                                .toList()));
    }

    /**
     * Reads the answer, collection by collection.
     *
     * @throws WireRefusal ({@code MALFORMED}) for a collection without name, and for a snapshot that is no reference
     */
    public static List<StateAnswer> of(Node result) throws WireRefusal {
        List<StateAnswer> answers = new ArrayList<>();
        for (Node collection : result.requiredChild("sync").children("collection")) {
            Optional<Node> snapshot = collection.child("snapshot");
            answers.add(new StateAnswer(
                    collection.required("name"),
                    snapshot.isPresent() ? Optional.of(reference(snapshot.get())) : Optional.empty(),
                    collection
                            .child("patches")
                            .map(patches -> patches.children("patch").stream()
                                    .map(Node::bytes)
                                    .toList())
                            .orElse(List.of()),
                    collection.has("has_more_patches", "true"),
                    collection.has("type", "error")
                            ? Optional.of(collection
                                    .child("error")
                                    .flatMap(error -> error.attribute("code"))
                                    .orElse(""))
                            : Optional.empty()));
        }
        return answers;
    }

    private static ExternalBlobReference reference(Node snapshot) throws WireRefusal {
        try {
            return ExternalBlobReference.parseFrom(snapshot.bytes());
        } catch (InvalidProtocolBufferException _) {
            throw new WireRefusal(Reason.MALFORMED, "a snapshot that is no reference to a file");
        }
    }
}
