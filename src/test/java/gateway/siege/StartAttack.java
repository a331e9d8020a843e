package gateway.siege;

import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import gateway.bench.Server;

/**
 * A second gateway that is started again and again without its database or its port; its end has to be one that is
 * tried again.
 */
final class StartAttack implements Attack {
    /** EX_TEMPFAIL of sysexits(3): a supervisor tries again. */
    private static final int TRY_AGAIN = 75;

    private volatile String finding = "";

    @Override
    public String name() {
        return "A6";
    }

    @Override
    public void run(Target target, long deadline) throws Exception {
        var folder = Files.createTempDirectory(target.folder(), "second");
        var absent = List.of(
                Map.of("APP_PORT", "0", "DB_URI", "postgresql://gateway:none@127.0.0.1:9/gateway?sslmode=disable"),
                Map.of("APP_PORT", "" + target.uri().getPort()));
        for (int i = 0; System.nanoTime() < deadline; i++) {
            var builder = new ProcessBuilder(Server.IMAGE + "/whatsapp", "rest")
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("log").toFile());
            builder.environment()
                    .putAll(Map.of("APP_HOST", "127.0.0.1", "APP_BASIC_AUTH", Target.GOOD, "APP_METRICS_PORT", "0"));
            builder.environment().putAll(absent.get(i % absent.size()));
            var process = builder.start();
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
                finding = "a start without its database or port did not end within 60 s";
            } else if (process.exitValue() != TRY_AGAIN) {
                finding = "a start without its database or port ended with " + process.exitValue() + ": "
                        + Files.readString(folder.resolve("log")).strip();
            }
        }
    }

    @Override
    public String finding(Target target) {
        return finding;
    }
}
