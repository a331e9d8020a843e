package gateway.interop;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import gateway.engine.web.node.Node;
import gateway.engine.web.node.NodeContent;
import gateway.engine.web.node.NodeDecoder;
import gateway.engine.web.primitive.WireRefusal;

/** The kept frames of {@code make fuzz}, decoded by a foreign client and by us: each difference is one that is known. */
final class Decoders {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path KEPT = Path.of("src/test/resources/fuzz/node.hex");

    private Decoders() {}

    /** Compares what the client of the room makes of each frame with what we make of it. */
    static void compared(Room room) throws Exception {
        List<String> frames = Files.readAllLines(KEPT, StandardCharsets.US_ASCII);
        List<String> theirs = theirs(room.driver);
        Failure.unless(theirs.size() == frames.size(), theirs.size() + " outcomes for " + frames.size() + " frames");
        List<String> unknown = new ArrayList<>();
        for (int i = 0; i < frames.size(); i++) {
            JsonNode their = JSON.readTree(theirs.get(i));
            ObjectNode own = own(HexFormat.of().parseHex(frames.get(i)));
            if (!NodeDifference.isKnown(room.isBaileys(), own, their)) {
                unknown.add(frames.get(i) + "\n    ours " + own + "\n    theirs " + their);
            }
        }
        Failure.unless(
                unknown.isEmpty(), unknown.size() + " differences are not known:\n" + String.join("\n", unknown));
    }

    private static List<String> theirs(InteropDriver driver) throws IOException {
        List<String> command = new ArrayList<>(driver.command());
        command.add("nodes");
        var process = new ProcessBuilder(command)
                .redirectInput(KEPT.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();
    }

    private static ObjectNode own(byte[] frame) {
        try {
            return JSON.createObjectNode().set("node", said(NodeDecoder.decode(frame)));
        } catch (WireRefusal e) {
            return JSON.createObjectNode().put("error", e.getMessage());
        }
    }

    private static ObjectNode said(Node node) {
        ObjectNode said = JSON.createObjectNode().put("tag", node.tag());
        ObjectNode attributes = said.putObject("attrs");
        node.attributes().forEach((name, value) -> attributes.put(name, value.text()));
        switch (node.content()) {
            case NodeContent.None _ -> said.putNull("content");
            case NodeContent.Children(List<Node> children) -> {
                var list = said.putArray("content");
                children.forEach(child -> list.add(said(child)));
            }
            case NodeContent.Bytes _, NodeContent.Words _ ->
                said.put("content", HexFormat.of().formatHex(node.bytes()));
        }
        return said;
    }
}
