package gateway.crash;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/** How a run of the program ends: what it is started with to that purpose. */
sealed interface End {

    /** Whenever the test likes. */
    record AtAnyTime() implements End {
        @Override
        public String name() {
            return "at-any-time";
        }
    }

    /** At a place in the program, when it comes by for the n-th time; see {@code FailPoint}. */
    record AtPoint(String name, int n) implements End {
        @Override
        public Map<String, String> environment() {
            return Map.of("JAVA_TOOL_OPTIONS", "-Dgateway.failpoint=" + name + ":" + n);
        }
    }

    /**
     * At a thread's n-th write to a file. With a write-ahead log the database's own file is written
     * by checkpoints alone.
     */
    record InWrite(String name, Path file, int n) implements End {
        @Override
        public List<String> under() {
            return List.of(
                    "strace",
                    "-f",
                    "-qqq",
                    "-o",
                    "/dev/null",
                    "-P",
                    file.toString(),
                    "-e",
                    "trace=pwrite64",
                    "-e",
                    "inject=pwrite64:signal=SIGKILL:when=" + n);
        }
    }

    String name();

    /** The command that starts the program, if any. */
    default List<String> under() {
        return List.of();
    }

    default Map<String, String> environment() {
        return Map.of();
    }

    /** One of each kind that concerns the multi-device engine, at instants by chance. */
    static List<End> web(Random random) {
        return Stream.<End>of(
                        new AtPoint("web-stored", 1 + random.nextInt(20)),
                        // The connection is lost every few seconds, and comes back after four to eight.
                        new AtPoint("web-received", 1 + random.nextInt(12)),
                        new AtPoint("after-send", 1 + random.nextInt(20)),
                        new AtPoint("before-commit", 1 + random.nextInt(60)),
                        new AtPoint("web-again", 1),
                        new AtPoint("after-commit", 1 + random.nextInt(60)),
                        new AtPoint("after-delivery", 1 + random.nextInt(30)))
                .toList();
    }

    /** One of each named kind, at instants by chance. */
    static List<End> named(Path database, Random random) {
        return Stream.<End>of(
                        new InWrite("checkpoint", database, 1 + random.nextInt(300)),
                        new AtPoint("before-commit", 1 + random.nextInt(150)),
                        new AtPoint("after-commit", 1 + random.nextInt(150)),
                        new AtPoint("before-send", 1 + random.nextInt(150)),
                        new AtPoint("after-send", 1 + random.nextInt(150)),
                        new AtPoint("after-delivery", 1 + random.nextInt(150)),
                        new AtPoint("secret-replaced", 1 + random.nextInt(2)),
                        new AtPoint("other-secret", 1 + random.nextInt(3)))
                .toList();
    }
}
