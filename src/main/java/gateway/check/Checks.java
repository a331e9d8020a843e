package gateway.check;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Every check. */
public final class Checks {
    public static final List<Check> ALL = Stream.of(
                    AccessChecks.all(),
                    ApiChecks.all(),
                    AttestedChecks.all(),
                    BackupChecks.all(),
                    DatabaseChecks.all(),
                    LogChecks.all(),
                    NetworkChecks.all(),
                    ProbeChecks.all(),
                    ReceiverChecks.all(),
                    RootChecks.all(),
                    SettingsChecks.all(),
                    SystemChecks.all(),
                    TlsChecks.all(),
                    UpkeepChecks.all(),
                    WebhookChecks.all())
            .flatMap(List::stream)
            .toList();

    private Checks() {}

    /** The checks that prove each item, in the order of the guides. */
    public static Map<Item, List<Check>> byItem() {
        var proofs = new LinkedHashMap<Item, List<Check>>();
        for (var item : Item.all()) {
            proofs.put(
                    item,
                    ALL.stream()
                            .filter(check -> check.ids().contains(item.id()))
                            .toList());
        }
        return proofs;
    }
}
