package gateway.backup.remote;

import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;

/** A reply of S3: an element with texts, and with groups of texts of one name, such as {@code Contents}. */
record S3Xml(String root, Map<String, String> texts, List<Map<String, String>> groups) {
    private static final XMLInputFactory FACTORY = factory();
    private static final int GROUP = 2;
    private static final int TEXT = 3;

    /** Neither a document type nor an entity of another file is read. */
    private static XMLInputFactory factory() {
        var factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_COALESCING, true);
        return factory;
    }

    /**
     * Reads a reply.
     *
     * @param group the name of the elements that repeat
     * @return empty when the reply is not XML
     */
    static Optional<S3Xml> read(byte[] body, String group) {
        var root = "";
        var texts = new LinkedHashMap<String, String>();
        var groups = new ArrayList<Map<String, String>>();
        var inGroup = false;
        var path = new ArrayList<String>();
        try {
            var reader = FACTORY.createXMLStreamReader(new ByteArrayInputStream(body));
            while (reader.hasNext()) {
                switch (reader.next()) {
                    case XMLStreamConstants.START_ELEMENT -> {
                        path.add(reader.getLocalName());
                        root = root.isEmpty() ? reader.getLocalName() : root;
                        if (path.size() == GROUP) {
                            inGroup = reader.getLocalName().equals(group);
                            if (inGroup) {
                                groups.add(new LinkedHashMap<>());
                            }
                        }
                    }
                    case XMLStreamConstants.CHARACTERS -> {
                        if (path.size() == GROUP && !inGroup) {
                            texts.merge(path.getLast(), reader.getText(), String::concat);
                        } else if (path.size() == TEXT && inGroup) {
                            groups.getLast().merge(path.getLast(), reader.getText(), String::concat);
                        }
                    }
                    case XMLStreamConstants.END_ELEMENT -> path.removeLast();
                    default -> {
                        // Comments and the like say nothing.
                    }
                }
            }
            return Optional.of(new S3Xml(root, texts, groups));
        } catch (XMLStreamException e) {
            return Optional.empty();
        }
    }

    /** The word for what is wrong, one of S3's own; empty when the reply is no error. */
    static String error(byte[] body) {
        return read(body, "")
                .filter(reply -> reply.root.equals("Error"))
                .map(reply -> reply.texts.getOrDefault("Code", "").replaceAll("[^A-Za-z]", ""))
                .orElse("");
    }
}
