package gateway.twin.web;

import static gateway.twin.web.Network.device;
import static gateway.twin.web.Network.now;

import java.util.LinkedHashMap;
import java.util.List;

/** The way of a linked device's receipts to the devices of the person whom they are addressed to. */
final class ReceiptCarrier {
    private final Network network;

    ReceiptCarrier(Network network) {
        this.network = network;
    }

    /**
     * Carries a receipt: to the device that its address names, or, when it names the person, to the person's phone and
     * every linked device. A question for a phone's message is answered by the phone.
     */
    void carry(Companion from, Stanza receipt) {
        var to = receipt.get("to");
        var person = network.person(to);
        if (person.isEmpty()) {
            return;
        }
        var attributes = new LinkedHashMap<>(receipt.attributes());
        attributes.remove("to");
        attributes.put("from", from.lid());
        attributes.putIfAbsent("t", now());
        var carried = new Stanza(receipt.tag(), new LinkedHashMap<>(attributes), receipt.children(), receipt.bytes());
        if (device(to) != 0) {
            if (person.get().companions.get(device(to)) instanceof Companion companion) {
                network.ledger.add("receipt carried", companion.address() + " " + Connection.described(carried));
                companion.deliver(carried);
            }
        } else if (receipt.get("type").equals("retry")) {
            network.carrier.retry(from, receipt);
        } else if (person.get() != from.phone) {
            for (var companion : List.copyOf(person.get().companions.values())) {
                companion.deliver(carried);
            }
            if (receipt.get("type").startsWith("read") || receipt.get("type").startsWith("played")) {
                attributes.put("recipient", person.get().lid());
                tellSiblings(from, new Stanza(receipt.tag(), attributes, receipt.children(), receipt.bytes()));
            }
        }
    }

    /** The person's other devices learn what was read on this one, and in which chat. */
    private static void tellSiblings(Companion from, Stanza read) {
        for (var companion : List.copyOf(from.phone.companions.values())) {
            if (companion != from) {
                companion.deliver(read);
            }
        }
    }
}
