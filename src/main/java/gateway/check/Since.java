package gateway.check;

import java.util.List;

/**
 * What is different since the report before.
 *
 * @param file    the name of that report's file; empty when there is none
 * @param sha256  the hash of that file; empty when there is none
 * @param changes one sentence for each
 */
public record Since(String file, String sha256, List<String> changes) {
    public Since {
        changes = List.copyOf(changes);
    }
}
