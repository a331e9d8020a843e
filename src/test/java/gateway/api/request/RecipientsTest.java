package gateway.api.request;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import java.util.TreeSet;

import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.i18n.phonenumbers.PhoneNumberUtil.PhoneNumberFormat;
import com.google.i18n.phonenumbers.PhoneNumberUtil.PhoneNumberType;
import org.junit.jupiter.api.Test;

class RecipientsTest {
    private static final PhoneNumberUtil NUMBERS = PhoneNumberUtil.getInstance();

    /**
     * Numbers of every kind of every plan, each as it is, shorter, longer, and with one digit changed; and digits at
     * random.
     */
    @Test
    void theQuickLookAgreesWithTheLibraryAboutEveryPlan() {
        var random = new Random(7);
        var tried = new TreeSet<String>();
        for (var region : NUMBERS.getSupportedRegions()) {
            for (var type : PhoneNumberType.values()) {
                var example = NUMBERS.getExampleNumberForType(region, type);
                if (example != null) {
                    var digits = NUMBERS.format(example, PhoneNumberFormat.E164).substring(1);
                    tried.add(digits);
                    tried.add(digits.substring(0, digits.length() - 1));
                    tried.add(digits.substring(0, digits.length() / 2));
                    tried.add(digits + random.nextInt(10));
                    tried.add(digits + "00");
                    int at = random.nextInt(digits.length());
                    tried.add(digits.substring(0, at) + random.nextInt(10) + digits.substring(at + 1));
                    var code = String.valueOf(example.getCountryCode());
                    tried.add(code + "0" + digits.substring(code.length()));
                    tried.add(code + "1" + digits.substring(code.length()));
                }
            }
        }
        for (int i = 0; i < 5_000; i++) {
            tried.add(String.valueOf(random.nextLong(1, 1_000_000_000_000_000L)));
        }
        // Both are refused before anybody looks at plans.
        tried.removeIf(digits -> digits.length() > 15 || digits.startsWith("0"));
        assertTrue(tried.size() > 10_000, () -> tried.size() + " numbers");
        for (var digits : tried) {
            assertEquals(Recipients.parsed(digits), Recipients.possible(digits), digits);
        }
    }
}
