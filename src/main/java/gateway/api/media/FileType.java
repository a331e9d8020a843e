package gateway.api.media;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;

/** What a file is, judged by its first bytes; what its sender says of it does not count. */
public enum FileType {
    JPEG("image/jpeg", "jpg"),
    PNG("image/png", "png"),
    GIF("image/gif", "gif"),
    WEBP("image/webp", "webp"),
    MP4("video/mp4", "mp4"),
    MKV("video/x-matroska", "mkv"),
    AVI("video/x-msvideo", "avi"),
    MP3("audio/mpeg", "mp3"),
    OGG("audio/ogg", "ogg"),
    M4A("audio/mp4", "m4a"),
    AAC("audio/aac", "aac"),
    AMR("audio/amr", "amr"),
    FLAC("audio/flac", "flac"),
    WAV("audio/wav", "wav"),
    WMA("audio/x-ms-wma", "wma"),
    PDF("application/pdf", "pdf"),
    ZIP("application/zip", "zip"),
    OTHER("application/octet-stream", "bin");

    public static final Set<FileType> IMAGES = EnumSet.of(JPEG, PNG);
    public static final Set<FileType> STICKERS = EnumSet.of(JPEG, PNG, WEBP, GIF);
    public static final Set<FileType> VIDEOS = EnumSet.of(MP4, MKV, AVI);
    public static final Set<FileType> AUDIO = EnumSet.of(MP3, OGG, M4A, AAC, AMR, FLAC, WAV, WMA);
    public static final Set<FileType> ANY = EnumSet.allOf(FileType.class);

    private static final int LOOKED_AT = 32;

    private final String mime;
    private final String extension;

    FileType(String mime, String extension) {
        this.mime = mime;
        this.extension = extension;
    }

    public String mime() {
        return mime;
    }

    String extension() {
        return extension;
    }

    public static FileType of(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return of(in.readNBytes(LOOKED_AT));
        }
    }

    private static FileType of(byte[] head) {
        if (has(head, 0, 0xFF, 0xD8, 0xFF)) {
            return JPEG;
        }
        if (has(head, 0, 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n')) {
            return PNG;
        }
        if (says(head, 0, "GIF87a") || says(head, 0, "GIF89a")) {
            return GIF;
        }
        if (says(head, 0, "RIFF")) {
            return says(head, 8, "WEBP") ? WEBP : says(head, 8, "AVI ") ? AVI : says(head, 8, "WAVE") ? WAV : OTHER;
        }
        if (says(head, 4, "ftyp")) {
            return says(head, 8, "M4A") || says(head, 8, "M4B") ? M4A : MP4;
        }
        return sound(head);
    }

    private static FileType sound(byte[] head) {
        if (has(head, 0, 0x1A, 0x45, 0xDF, 0xA3)) {
            return MKV;
        }
        if (says(head, 0, "OggS")) {
            return OGG;
        }
        if (says(head, 0, "fLaC")) {
            return FLAC;
        }
        if (says(head, 0, "#!AMR")) {
            return AMR;
        }
        if (has(head, 0, 0x30, 0x26, 0xB2, 0x75, 0x8E, 0x66, 0xCF, 0x11)) {
            return WMA;
        }
        if (says(head, 0, "%PDF-")) {
            return PDF;
        }
        if (has(head, 0, 'P', 'K', 3, 4)) {
            return ZIP;
        }
        // An MPEG frame's sync word: 12 bits for ADTS (layer bits 00), 11 for MPEG audio (ISO/IEC 11172-3, 13818-7).
        if (head.length > 1 && (head[0] & 0xFF) == 0xFF && (head[1] & 0xF6) == 0xF0) {
            return AAC;
        }
        if (says(head, 0, "ID3")
                || head.length > 1 && (head[0] & 0xFF) == 0xFF && (head[1] & 0xE0) == 0xE0 && (head[1] & 0x06) != 0) {
            return MP3;
        }
        return OTHER;
    }

    private static boolean says(byte[] head, int at, String text) {
        var bytes = text.getBytes(StandardCharsets.US_ASCII);
        return head.length >= at + bytes.length && Arrays.equals(head, at, at + bytes.length, bytes, 0, bytes.length);
    }

    private static boolean has(byte[] head, int at, int... bytes) {
        for (int i = 0; i < bytes.length; i++) {
            if (head.length <= at + i || (head[at + i] & 0xFF) != bytes[i]) {
                return false;
            }
        }
        return true;
    }
}
