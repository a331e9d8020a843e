package gateway.check;

import java.nio.file.Path;
import java.time.Duration;

/**
 * The first week of a machine, in which what people have to bring is asked for and not yet failed. It counts from the
 * file that the playbook made when the machine became the appliance. Without that file there is no such week.
 */
final class FirstWeek {
    static final Path BEGIN = RootReport.PLACE.resolve("since");
    private static final Duration LENGTH = Duration.ofDays(7);

    private FirstWeek() {}

    /** Whether it lasts. False when others than root could have set its beginning. */
    static boolean lasts(Evidence evidence) {
        var place = evidence.file(RootReport.PLACE);
        var begin = evidence.file(BEGIN);
        if (place.isEmpty()
                || begin.isEmpty()
                || !RootReport.isRoots(place.get())
                || !RootReport.isRoots(begin.get())) {
            return false;
        }
        var age = Duration.between(begin.get().modified(), evidence.now());
        return begin.get().kind().equals("file") && !age.isNegative() && age.compareTo(LENGTH) < 0;
    }
}
