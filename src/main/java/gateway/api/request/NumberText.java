package gateway.api.request;

import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;

/** The numbers that a field's value can be, in JSON and written as text. */
final class NumberText {
    private NumberText() {}

    /** The number that a text is; not a number for any other text. */
    static double fraction(String text) {
        return text.matches("[+-]?[0-9]{1,3}(\\.[0-9]{1,20})?([eE][+-]?[0-9]{1,2})?")
                ? Double.parseDouble(text)
                : Double.NaN;
    }

    /** Whether it is a whole number, be it written as 5.0 or 5e0: JSON knows one kind of number. */
    static boolean isWhole(JsonNode value) {
        return value.canConvertToLong()
                && (value.isIntegralNumber()
                        || value.isNumber() && value.doubleValue() == Math.rint(value.doubleValue()));
    }

    /** The whole number that a text is; empty for any other text. */
    static Optional<Long> whole(String text) {
        try {
            return Optional.of(Long.parseLong(text));
        } catch (NumberFormatException e) {
            // What is beyond all numbers is as good as the largest, where there is no other limit.
            return text.matches("[0-9]{1,64}") ? Optional.of(Long.MAX_VALUE) : Optional.empty();
        }
    }
}
