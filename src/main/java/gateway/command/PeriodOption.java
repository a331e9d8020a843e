package gateway.command;

import java.time.Duration;
import java.util.regex.Pattern;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** A span of time on the command line: a number with its unit, such as 30m, 24h or 7d; at most 90 days. */
final class PeriodOption {
    private static final Pattern FORM = Pattern.compile("([0-9]{1,6})([smhd])");
    /** The guide's period between two rotations: an overlap as long would never end. */
    private static final Duration MAX = Duration.ofDays(90);

    private PeriodOption() {}

    /** @throws ParameterException when it has another form or is longer than 90 days; the message names the option */
    static Duration of(CommandSpec command, String option, String text) {
        var form = FORM.matcher(text);
        if (!form.matches()) {
            throw new ParameterException(command.commandLine(), option + " is a number with s, m, h or d, such as 24h");
        }
        long number = Long.parseLong(form.group(1));
        var time = switch (form.group(2)) {
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            default -> Duration.ofDays(number);
        };
        if (time.compareTo(MAX) > 0) {
            throw new ParameterException(command.commandLine(), option + " is at most " + MAX.toDays() + "d");
        }
        return time;
    }
}
