package gateway.engine.sandbox;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import javax.imageio.ImageIO;

import gateway.engine.Jid;
import gateway.process.FilesUnavailable;

/** A picture for somebody who does not exist: a symmetric pattern, the same for the same address. Needs no fonts. */
final class Portrait {
    private static final int CELLS = 5;
    private static final int CELL = 64;

    private Portrait() {}

    /** Draws and keeps it; returns the file's name. */
    static String of(Jid whose, World world) {
        int seed = whose.toString().hashCode() * 0x9E3779B9;
        var ink = Color.getHSBColor((seed >>> 16 & 0xFF) / 255f, 0.5f, 0.7f);
        var image = new BufferedImage(CELLS * CELL, CELLS * CELL, BufferedImage.TYPE_INT_RGB);
        var pen = image.createGraphics();
        pen.setColor(Color.WHITE);
        pen.fillRect(0, 0, image.getWidth(), image.getHeight());
        pen.setColor(ink);
        for (int x = 0; x < CELLS; x++) {
            for (int y = 0; y < CELLS; y++) {
                if ((seed >>> (Math.min(x, CELLS - 1 - x) * CELLS + y) & 1) == 1) {
                    pen.fillRect(x * CELL, y * CELL, CELL, CELL);
                }
            }
        }
        pen.dispose();
        var file = world.media().incoming();
        try {
            ImageIO.write(image, "jpg", file.toFile());
            return world.media()
                    .keep(world.device(), file, "image/jpeg", "jpg", "")
                    .id();
        } catch (IOException e) {
            world.media().discard(file);
            throw new FilesUnavailable(e);
        }
    }
}
