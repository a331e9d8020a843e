package gateway.admin;

import java.time.Duration;
import java.util.OptionalLong;

/**
 * How an instance stands.
 *
 * @param pid    empty while no process runs
 * @param uptime since the process began; zero while none runs
 */
record Status(State state, OptionalLong pid, Duration uptime) {

    /** In the words of the original, which has them from supervisord. */
    enum State {
        /** On its way, or waiting to be tried again after it ended by itself. */
        STARTING,
        /** It answers. */
        RUNNING,
        STOPPED,
        /** It was tried three times, or refused its configuration, and is left alone. */
        FATAL,
        /** The supervisor says something else, or nothing. */
        UNKNOWN
    }

    static final Status STOPPED = new Status(State.STOPPED, OptionalLong.empty(), Duration.ZERO);
    static final Status UNKNOWN = new Status(State.UNKNOWN, OptionalLong.empty(), Duration.ZERO);
}
