package gateway.admin;

import java.util.List;

import gateway.http.Problem;

/** Every error code of the Admin API, in the words of the original where that has one. */
final class AdminErrors {
    private AdminErrors() {}

    static Problem invalidJson(String sentence) {
        return new Problem(400, "invalid_json", sentence);
    }

    static Problem invalidPort(String sentence) {
        return new Problem(400, "invalid_port", "port: " + sentence);
    }

    /** @param field as the client spelled it */
    static Problem invalidField(String field, String sentence) {
        return new Problem(400, "invalid_field", field + ": " + sentence);
    }

    static Problem notFound(int port) {
        return new Problem(404, "instance_not_found", "There is no instance on port " + port + ".");
    }

    static Problem exists(int port) {
        return new Problem(409, "instance_exists", "There is an instance on port " + port + " already.");
    }

    static Problem inUse(int port) {
        return new Problem(409, "port_in_use", "Port " + port + " is in use by another program or instance.");
    }

    static Problem locked(int port) {
        return new Problem(409, "port_locked", "Another request works on the instance on port " + port + ".");
    }

    /** @param operation {@code creation}, {@code update}, {@code deletion} or {@code list} */
    static Problem failed(String operation, String sentence) {
        return new Problem(500, operation + "_failed", sentence);
    }

    static Problem stuck(List<String> workers) {
        return new Problem(503, "worker_stuck", "Not ready: " + String.join(", ", workers) + ".")
                .with("Retry-After", "5");
    }

    static Problem unreachable() {
        return new Problem(
                        503,
                        "supervisor_unreachable",
                        "The supervisor of the instances cannot be reached; nothing was done.")
                .with("Retry-After", "5");
    }
}
