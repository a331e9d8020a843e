package gateway.admin;

import java.util.Map;

/**
 * An instance as clients see it.
 *
 * @param config    what was asked for, without secrets
 * @param generated secrets that were made because the request had none; only in the answer to that request
 */
record Instance(
        int port, Status status, Supervisor.Logs logs, Map<Field, String> config, Map<Field, String> generated) {}
