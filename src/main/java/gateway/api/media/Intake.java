package gateway.api.media;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

import gateway.api.request.Fields;
import gateway.api.request.Upload;
import gateway.budget.Workbench;
import gateway.engine.MediaFile;
import gateway.engine.MediaFiles;
import gateway.http.Problem;
import gateway.process.FilesUnavailable;

/** Judges the files of requests, uploaded or named by a URL, and keeps those that are what they should be. */
public final class Intake {
    private static final int MAX_URL = 2_048;

    private final MediaFiles media;
    private final MediaSource source;
    private final MediaLimits limits;
    private final Pictures pictures;

    public Intake(MediaFiles media, MediaSource source, MediaLimits limits, Workbench bench) {
        this.pictures = new Pictures(bench);
        this.media = media;
        this.source = source;
        this.limits = limits;
    }

    public MediaLimits limits() {
        return limits;
    }

    /**
     * A file that a field should bring.
     *
     * @param url the field that may name it instead; empty when none may
     * @param most bytes
     * @param types what it may be
     */
    public record Wanted(String field, String url, long most, Set<FileType> types) {}

    /** Keeps the file for the account. */
    public MediaFile keep(String device, Fields fields, Wanted wanted, boolean compress) {
        var upload = fetch(fields, wanted);
        try {
            var type = judge(upload, wanted);
            if (compress && FileType.IMAGES.contains(type)) {
                var smaller = media.incoming();
                try {
                    if (pictures.compress(upload.file(), type, smaller)) {
                        Files.move(smaller, upload.file(), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
                        type = FileType.JPEG;
                    }
                } finally {
                    media.discard(smaller);
                }
            }
            return media.keep(device, upload.file(), type.mime(), type.extension(), upload.name());
        } catch (BrokenPicture e) {
            throw Problem.badField(upload.field(), e.sentence());
        } catch (IOException e) {
            throw new FilesUnavailable(e);
        } finally {
            upload.discard();
        }
    }

    /** Removes a file that nothing refers to. */
    public void forget(String device, MediaFile file) {
        try {
            media.remove(device, file.id());
        } catch (IOException e) {
            System.getLogger(Intake.class.getName())
                    .log(System.Logger.Level.WARNING, "the file of a refused message stays: {0}", e.getMessage());
        }
    }

    /** Makes a square portrait of the field's picture, lets it be used, and removes it. */
    public void portrait(Upload upload, java.util.function.Consumer<Path> use) {
        var square = media.incoming();
        try {
            try {
                var type = judge(upload, new Wanted(upload.field(), "", limits.image(), FileType.IMAGES));
                pictures.square(upload.file(), type, square);
            } catch (BrokenPicture e) {
                throw Problem.badField(upload.field(), e.sentence());
            } catch (IOException e) {
                throw new FilesUnavailable(e);
            }
            use.accept(square);
        } finally {
            media.discard(square);
        }
    }

    private FileType judge(Upload upload, Wanted wanted) throws IOException {
        if (upload.size() == 0) {
            throw Problem.badField(upload.field(), "must not be empty");
        }
        var type = FileType.of(upload.file());
        if (!wanted.types().contains(type)) {
            throw Problem.badField(
                    upload.field(),
                    "must be a file of type "
                            + wanted.types().stream()
                                    .map(allowed -> allowed.name().toLowerCase(Locale.ROOT))
                                    .collect(Collectors.joining(", ")));
        }
        if (FileType.STICKERS.contains(type)) {
            var head = PictureHead.of(upload.file(), type);
            if (head.pixels() > limits.pixels()) {
                throw Problem.badField(
                        upload.field(), "must have no more than " + limits.pixels() / 1_000_000 + " megapixels");
            }
        }
        return type;
    }

    /**
     * The file that the fields bring or name.
     *
     * @throws FilesUnavailable when it cannot be written here
     */
    private Upload fetch(Fields fields, Wanted wanted) {
        var upload = fields.file(wanted.field());
        var url = wanted.url().isEmpty() ? "" : fields.optionalText(wanted.url(), MAX_URL);
        if (upload.isPresent()) {
            if (!url.isEmpty()) {
                throw Problem.badField(wanted.url(), "cannot be given together with " + wanted.field());
            }
            return upload.get();
        }
        if (url.isEmpty()) {
            throw Problem.badField(
                    wanted.field(),
                    wanted.url().isEmpty()
                            ? "cannot be blank"
                            : "cannot be blank, unless " + wanted.url() + " is given");
        }
        var address = http(wanted.url(), url);
        var file = media.incoming();
        try {
            source.fetch(url, wanted.most(), file);
        } catch (IOException e) {
            throw Problem.badField(
                    wanted.url(), Objects.requireNonNullElse(e.getMessage(), "the file could not be fetched"));
        }
        try {
            return new Upload(wanted.url(), name(address), file, Files.size(file));
        } catch (IOException e) {
            media.discard(file);
            throw new FilesUnavailable(e);
        }
    }

    /** An absolute http or https URL. */
    public static URI http(String field, String text) {
        try {
            var url = new URI(text);
            if (url.getHost() != null
                    && ("http".equalsIgnoreCase(url.getScheme()) || "https".equalsIgnoreCase(url.getScheme()))) {
                return url;
            }
        } catch (URISyntaxException e) {
            throw Problem.badField(field, "must be a valid URL");
        }
        throw Problem.badField(field, "must be a valid URL that starts with https:// or http://");
    }

    /** The last part of the path, as a browser would call the download. */
    private static String name(URI url) {
        var path = url.getPath() == null ? "" : url.getPath();
        var last = path.substring(path.lastIndexOf('/') + 1);
        return last.length() > 255
                        || last.startsWith("..")
                        || last.chars().anyMatch(c -> c == '\\' || Character.isISOControl(c))
                ? ""
                : last;
    }
}
