package gateway.check;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Every check, in the order of the areas' files. */
public final class Checks {
    /** The checks that stay on this machine. */
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
                    ScanChecks.all(),
                    SettingsChecks.all(),
                    SystemChecks.all(),
                    TlsChecks.all(),
                    UpkeepChecks.all(),
                    WatchChecks.all(),
                    WebhookChecks.all())
            .flatMap(List::stream)
            .toList();

    /** The checks that leave this machine, for a run that may. */
    public static final List<Check> ONLINE = OnlineChecks.all();

    private Checks() {}

    /** The checks of a run, those that leave this machine among them when it may. */
    public static List<Check> of(boolean online) {
        return online ? Stream.concat(ALL.stream(), ONLINE.stream()).toList() : ALL;
    }

    /** The checks that prove each item, in the order of the guides. */
    public static Map<Item, List<Check>> byItem() {
        var proofs = new LinkedHashMap<Item, List<Check>>();
        for (var item : Item.all()) {
            proofs.put(
                    item,
                    of(true).stream()
                            .filter(check -> check.ids().contains(item.id()))
                            .toList());
        }
        return proofs;
    }
}
