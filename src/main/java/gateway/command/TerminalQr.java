package gateway.command;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import com.google.zxing.WriterException;
import com.google.zxing.qrcode.decoder.ErrorCorrectionLevel;
import com.google.zxing.qrcode.encoder.ByteMatrix;
import com.google.zxing.qrcode.encoder.Encoder;

import gateway.process.ExplainedFault;

/** A QR code in half-block characters: each holds two modules, one above the other. */
final class TerminalQr {
    /** Modules of margin on each side. ISO 18004 wants four; phones read two, and two rows of the window are saved. */
    private static final int MARGIN = 2;
    /** Black on white by xterm's fixed colours, which no theme changes. */
    private static final String INK = "\u001B[38;5;16;48;5;231m";

    private static final String PLAIN = "\u001B[0m";

    private TerminalQr() {}

    /** The lines for a terminal that knows colours: dark on light whatever its own colours are. */
    static List<String> coloured(String text) {
        return lines(text, true).stream().map(line -> INK + line + PLAIN).toList();
    }

    /** The lines without colours, for light text on a dark ground: the light modules are drawn. */
    static List<String> plain(String text) {
        return lines(text, false);
    }

    private static List<String> lines(String text, boolean dark) {
        ByteMatrix code;
        try {
            code = Encoder.encode(text, ErrorCorrectionLevel.L).getMatrix();
        } catch (WriterException e) {
            throw new ExplainedFault("The code is too long to be drawn.", e);
        }
        int end = code.getWidth() + MARGIN;
        return IntStream.iterate(-MARGIN, y -> y < end, y -> y + 2)
                .mapToObj(y -> IntStream.range(-MARGIN, end)
                        .mapToObj(x -> half(isDark(code, x, y) == dark, isDark(code, x, y + 1) == dark))
                        .collect(Collectors.joining()))
                .toList();
    }

    private static boolean isDark(ByteMatrix code, int x, int y) {
        return x >= 0 && y >= 0 && x < code.getWidth() && y < code.getHeight() && code.get(x, y) == 1;
    }

    private static String half(boolean upper, boolean lower) {
        return upper ? lower ? "█" : "▀" : lower ? "▄" : " ";
    }
}
