package gateway.engine.web;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** The time as WhatsApp's servers have it: this machine's clock, and the difference that the last login showed. */
final class ServerClock implements InstantSource {
    /** The server names whole seconds, and the way takes time: less than this is no difference. */
    private static final Duration NOISE = Duration.ofSeconds(5);

    private static final Duration WORTH_A_WARNING = Duration.ofMinutes(1);

    private final InstantSource machine;
    private volatile Duration offset = Duration.ZERO;

    ServerClock(InstantSource machine) {
        this.machine = machine;
    }

    @Override
    public Instant instant() {
        return machine.instant().plus(offset);
    }

    /** Takes the server's time, in epoch seconds, as a login's answer has it. */
    void told(long seconds) {
        Duration difference = Duration.between(machine.instant(), Instant.ofEpochSecond(seconds));
        offset = difference.abs().compareTo(NOISE) > 0 ? difference : Duration.ZERO;
        if (offset.abs().compareTo(WORTH_A_WARNING) > 0) {
            System.getLogger(ServerClock.class.getName())
                    .log(
                            Level.WARNING,
                            "the clock of this machine differs from WhatsApp''s by {0} s; set it by NTP",
                            offset.toSeconds());
        }
    }
}
