package gateway;

import static org.awaitility.Awaitility.await;

import java.io.ByteArrayInputStream;
import java.net.http.HttpClient;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import javax.imageio.ImageIO;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.zxing.BinaryBitmap;
import com.google.zxing.DecodeHintType;
import com.google.zxing.RGBLuminanceSource;
import com.google.zxing.common.HybridBinarizer;
import com.google.zxing.qrcode.QRCodeReader;

import gateway.twin.web.Twin;
import gateway.twin.web.TwinControl;

/** The person who links the real program to a twin's phone: reads the QR image, and scans it. */
public final class WebPairing {
    private WebPairing() {}

    /** The settings of a program whose WhatsApp is the twin. */
    public static Map<String, String> settings(Twin twin) {
        return Map.of(
                "WHATSAPP_ENGINE",
                "web",
                "WHATSAPP_WEB_URL",
                twin.webSocket(),
                "WHATSAPP_WEB_ROOT_KEY",
                twin.rootKey());
    }

    /** What the program answers to the wish to be linked: a code, and where its image is. */
    static JsonNode login(Program program) throws Exception {
        return Program.json(program.get("/app/login")).path("results");
    }

    /** Scans the code that the program shows with the phone of that number; the program need not be connected yet. */
    public static void scan(Program program, TwinControl control, String number) throws Exception {
        control.post(
                "/phones/" + number + "/scan",
                Map.of("qr", read(program, login(program).path("qr_link").textValue())));
    }

    /** Waits until the program's line is up. */
    public static void connected(Program program) {
        await().atMost(Duration.ofSeconds(40))
                .until(() -> Program.json(program.get("/app/status"))
                        .path("results")
                        .path("is_connected")
                        .booleanValue());
    }

    /**
     * What a QR image of the program says. The image is no photograph: the search for a code in one fails for one code
     * in thirty.
     */
    static String read(Program program, String link) throws Exception {
        var request = program.request(link.substring(program.url().length())).build();
        var png = HttpClient.newHttpClient()
                .send(request, BodyHandlers.ofByteArray())
                .body();
        var image = ImageIO.read(new ByteArrayInputStream(png));
        var pixels = image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
        return new QRCodeReader()
                .decode(
                        new BinaryBitmap(new HybridBinarizer(
                                new RGBLuminanceSource(image.getWidth(), image.getHeight(), pixels))),
                        Map.of(DecodeHintType.PURE_BARCODE, true))
                .getText();
    }
}
