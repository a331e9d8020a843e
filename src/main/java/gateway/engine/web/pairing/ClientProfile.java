package gateway.engine.web.pairing;

import java.util.Locale;

import gateway.engine.web.proto.NoiseProto.ClientPayload.WebInfo.WebSubPlatform;
import gateway.engine.web.proto.PairingProto.DeviceProps.PlatformType;

/**
 * How this device shows itself to the server and in the phone's list of linked devices.
 *
 * @param os          the name that the phone shows, {@code Mac OS}
 * @param browser     {@code Chrome}, {@code Firefox}, {@code Desktop}, …
 * @param country     two letters, {@code US}
 * @param fullHistory whether the phone is asked for all of its history
 */
public record ClientProfile(ClientVersion version, String os, String browser, String country, boolean fullHistory) {
    private static final String DESKTOP = "Desktop";
    private static final String WINDOWS = "Windows";

    /** The same device as another version of the web client. */
    public ClientProfile with(ClientVersion other) {
        return new ClientProfile(other, os, browser, country, fullHistory);
    }

    /** The number of the browser in the QR text and in the pairing code's request. */
    public String platformId() {
        return switch (browser) {
            case "Chrome" -> "1";
            case "Edge" -> "2";
            case "Firefox" -> "3";
            case "IE" -> "4";
            case "Opera" -> "5";
            case "Safari" -> "6";
            case DESKTOP -> os.equals(WINDOWS) ? "8" : "7";
            default -> "9";
        };
    }

    /**
     * The text by which a pairing code's request names the device: a common browser and a common system, or error 400.
     */
    public String display() {
        return browser + " (" + os + ")";
    }

    PlatformType platformType() {
        try {
            return PlatformType.valueOf(browser.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException _) {
            return PlatformType.DESKTOP;
        }
    }

    WebSubPlatform webSubPlatform() {
        if (!fullHistory || !browser.equals(DESKTOP)) {
            return WebSubPlatform.WEB_BROWSER;
        }
        return switch (os) {
            case "Mac OS" -> WebSubPlatform.DARWIN;
            case WINDOWS -> WebSubPlatform.WIN32;
            default -> WebSubPlatform.WEB_BROWSER;
        };
    }
}
