package gateway.command;

import java.util.List;
import java.util.Map;

import com.google.zxing.BinaryBitmap;
import com.google.zxing.DecodeHintType;
import com.google.zxing.NotFoundException;
import com.google.zxing.RGBLuminanceSource;
import com.google.zxing.ReaderException;
import com.google.zxing.common.GlobalHistogramBinarizer;
import com.google.zxing.qrcode.QRCodeReader;

/** Reads a QR code that was drawn in half-block characters, as a phone would from the screen. */
public final class DrawnQr {
    private static final int SCALE = 4;

    private DrawnQr() {}

    /** What the last code in an output without colours says. */
    public static String last(String output) {
        return read(lines(output), false);
    }

    static String read(List<String> lines, boolean dark) {
        int width = lines.getFirst().length() * SCALE;
        int height = lines.size() * 2 * SCALE;
        var pixels = new int[width * height];
        for (int y = 0; y < height; y++) {
            var line = lines.get(y / SCALE / 2);
            for (int x = 0; x < width; x++) {
                char half = line.charAt(x / SCALE);
                boolean drawn = half == '█' || half == (y / SCALE % 2 == 0 ? '▀' : '▄');
                pixels[y * width + x] = drawn == dark ? 0xFF000000 : 0xFFFFFFFF;
            }
        }
        try {
            return new QRCodeReader()
                    .decode(
                            new BinaryBitmap(
                                    new GlobalHistogramBinarizer(new RGBLuminanceSource(width, height, pixels))),
                            Map.of(DecodeHintType.PURE_BARCODE, true))
                    .getText();
        } catch (NotFoundException e) {
            throw new AssertionError("no code can be seen in\n" + String.join("\n", lines), e);
        } catch (ReaderException e) {
            throw new AssertionError("the code cannot be read:\n" + String.join("\n", lines), e);
        }
    }

    /** The lines of the last drawing. */
    static List<String> lines(String output) {
        var all = output.lines().toList();
        int end = all.size();
        while (!isDrawn(all.get(end - 1))) {
            end--;
        }
        int start = end;
        while (start > 0 && isDrawn(all.get(start - 1))) {
            start--;
        }
        return all.subList(start, end);
    }

    private static boolean isDrawn(String line) {
        return line.matches("[█▀▄ ]{21,}");
    }
}
