package gateway.bench;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import gateway.twin.web.Twin;
import gateway.twin.web.TwinControl;

/** A twin as a process of its own, whose processor time is measured apart from the gateway's. */
record BenchTwin(Process process, JsonNode places, TwinControl control) implements AutoCloseable {
    static BenchTwin start() throws Exception {
        var process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin/java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Twin.class.getName(),
                        "0")
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        var places = new ObjectMapper()
                .readTree(process.inputReader(StandardCharsets.UTF_8).readLine());
        return new BenchTwin(
                process, places, TwinControl.at(places.get("control").textValue()));
    }

    /** The settings with which a gateway connects to this twin. */
    Map<String, String> settings() {
        return Map.of(
                "WHATSAPP_ENGINE", "web", "WHATSAPP_WEB_URL", place("ws"), "WHATSAPP_WEB_ROOT_KEY", place("root_key"));
    }

    String place(String name) {
        return places.get(name).textValue();
    }

    long cpuNanos() {
        return process.info().totalCpuDuration().orElseThrow().toNanos();
    }

    @Override
    public void close() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }
}
