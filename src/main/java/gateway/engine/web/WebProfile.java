package gateway.engine.web;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

import gateway.engine.EngineRefusal;
import gateway.engine.Profile;
import gateway.engine.web.connection.WebConnection;
import gateway.engine.web.node.DeviceJid;
import gateway.engine.web.node.Node;

/**
 * What the account says of itself, as far as this engine asks it.
 *
 * @param line the open connection; refuses when it is down
 */
record WebProfile(Supplier<WebConnection> line) implements Profile {

    @Override
    public void pushName(String name) {
        throw EngineRefusal.unsupported("change of the account's name");
    }

    @Override
    public void avatar(Path jpeg) {
        throw EngineRefusal.unsupported("change of the account's picture");
    }

    @Override
    public Privacy privacy() {
        Node answer = Asking.ask(
                Node.of("iq")
                        .with("type", "get")
                        .with("xmlns", "privacy")
                        .with("to", DeviceJid.SERVER)
                        .holding(Node.of("privacy")),
                line.get());
        Map<String, String> values = new HashMap<>();
        answer.child("privacy")
                .ifPresent(privacy -> privacy.children("category")
                        .forEach(category -> values.put(
                                category.attribute("name").orElse(""),
                                category.attribute("value").orElse(""))));
        if (!values.containsKey("readreceipts")) {
            throw new EngineRefusal(
                    EngineRefusal.Reason.TRY_LATER, "WhatsApp's answer does not tell who gets read receipts");
        }
        return new Privacy(
                values.getOrDefault("groupadd", ""),
                values.getOrDefault("last", ""),
                values.getOrDefault("status", ""),
                values.getOrDefault("profile", ""),
                values.getOrDefault("readreceipts", ""));
    }
}
