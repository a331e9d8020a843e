package gateway.api.media;

/**
 * The largest files that are taken, in bytes, and the largest picture in pixels.
 *
 * @param pixels width × height; read from the picture's header before anything is decoded, so that a small file cannot
 *               unfold into a large one
 */
public record MediaLimits(long image, long document, long video, long audio, long pixels) {
    /** As the original documents them: 20, 50, 100 and 16 MB; 50 megapixels. */
    public static final MediaLimits DEFAULT =
            new MediaLimits(20_000_000, 50_000_000, 100_000_000, 16_000_000, 50_000_000);

    /** The largest file of any kind. */
    public long largest() {
        return Math.max(Math.max(image, document), Math.max(video, audio));
    }
}
