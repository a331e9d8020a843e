package gateway;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;

import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

import gateway.twin.web.Twin;
import gateway.twin.web.TwinControl;

/** A twin with phones, for one test; it ends after the test's own parts. */
public final class TwinPhones implements AfterEachCallback {
    /** The phone that the program is linked to. */
    public static final String OWN = "6281111111111";
    /** The phone of the person whom the account writes to. */
    public static final String PEER = "6282222222222";

    public final Twin twin;
    public final TwinControl control;

    public TwinPhones(String... numbers) {
        try {
            twin = new Twin(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        control = new TwinControl(twin);
        for (var number : numbers) {
            control.post("/phones", Map.of("number", number));
        }
    }

    /** Links the program to the phone {@link #OWN}, and waits for its connection. */
    public void link(Program program) throws Exception {
        WebPairing.scan(program, control, OWN);
        WebPairing.connected(program);
    }

    @Override
    public void afterEach(ExtensionContext context) throws IOException {
        twin.close();
    }
}
