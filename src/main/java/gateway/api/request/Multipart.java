package gateway.api.request;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

import org.apache.commons.fileupload2.core.MultipartInput;

import gateway.budget.Share;
import gateway.http.Problem;
import gateway.process.FilesUnavailable;

/**
 * Reads {@code multipart/form-data} (RFC 7578) as it arrives: texts into memory, files onto disk, each cut at its
 * limit. Memory does not grow with the size of a file.
 */
final class Multipart {
    /** As many as a form without files may have: a list's items are a part each. */
    private static final int MAX_PARTS = 4_096;

    private static final int MAX_HEADER_BYTES = 16 * 1024;
    private static final int MAX_TEXT_BYTES = 64 * 1024;

    /** Takes a text part. */
    @FunctionalInterface
    interface Texts {
        void add(String name, byte[] value);
    }

    private final Map<String, Long> files;
    private final Supplier<Path> fresh;
    private final List<Upload> uploads = new ArrayList<>();

    /**
     * @param files which fields may be files, and how many bytes each
     * @param fresh gives names of files that do not exist yet
     */
    Multipart(Map<String, Long> files, Supplier<Path> fresh) {
        this.files = files;
        this.fresh = fresh;
    }

    /** What was uploaded so far, also when reading failed. */
    List<Upload> uploads() {
        return uploads;
    }

    /**
     * Reads the form.
     *
     * @throws Problem 400 for a form that is not whole, 413 for one that is too large; with the field's name if there
     *     is one
     * @throws FilesUnavailable when a file cannot be written
     */
    void read(InputStream body, String boundary, Texts texts) {
        var field = "";
        try {
            var input = MultipartInput.builder()
                    .setInputStream(body)
                    .setBoundary(boundary.getBytes(StandardCharsets.ISO_8859_1))
                    .setMaxPartHeaderSize(MAX_HEADER_BYTES)
                    .get();
            // Byte by byte, so that what is not UTF-8 can still be read as what it then is.
            input.setHeaderCharset(StandardCharsets.ISO_8859_1);
            int parts = 0;
            for (boolean more = input.skipPreamble(); more; more = input.readBoundary()) {
                if (++parts > MAX_PARTS) {
                    throw Problem.badRequest("The form has more than " + MAX_PARTS + " parts.");
                }
                var part = PartHead.read(input.readHeaders());
                field = part.name();
                if (part.isFile()) {
                    file(field, part.file(), input.newInputStream());
                } else {
                    texts.add(field, text(field, input.newInputStream()));
                }
            }
            if (parts == 0) {
                throw Problem.badRequest("The form is empty, or its boundary is not the one that Content-Type names.");
            }
        } catch (IOException | IllegalArgumentException e) {
            throw field.isEmpty()
                    ? Problem.badRequest("The form is not whole.")
                    : Problem.badField(GivenName.shown(field), "is not whole");
        }
    }

    private static byte[] text(String field, InputStream in) throws IOException {
        var text = new ByteArrayOutputStream();
        Share.current().take(4 * copy(in, text, field, MAX_TEXT_BYTES));
        return text.toByteArray();
    }

    private void file(String field, String name, InputStream in) throws IOException {
        var most = files.get(field);
        if (most == null) {
            throw Problem.badField(GivenName.shown(field), "must not be a file");
        }
        if (uploads.stream().anyMatch(upload -> upload.field().equals(field))) {
            throw Problem.badField(field, "must be given once");
        }
        var file = fresh.get();
        uploads.add(new Upload(field, name, file, 0));
        var ownerOnly = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        try (var out = new Kept(Files.newByteChannel(
                file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), ownerOnly))) {
            long size = copy(in, out, field, most);
            uploads.removeLast();
            uploads.add(new Upload(field, name, file, size));
        } catch (FileSystemException e) {
            throw new FilesUnavailable(e);
        }
    }

    /** A file being written. Its failures are the server's, while those of reading the body are the client's. */
    private static final class Kept extends OutputStream {
        private final OutputStream file;

        Kept(SeekableByteChannel channel) {
            this.file = Channels.newOutputStream(channel);
        }

        @Override
        public void write(int b) {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int count) {
            try {
                file.write(bytes, from, count);
            } catch (IOException e) {
                throw new FilesUnavailable(e);
            }
        }

        @Override
        public void close() {
            try {
                file.close();
            } catch (IOException e) {
                throw new FilesUnavailable(e);
            }
        }
    }

    private static long copy(InputStream in, OutputStream out, String field, long most) throws IOException {
        var buffer = new byte[16 * 1024];
        long size = 0;
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            size += n;
            if (size > most) {
                throw tooLarge(field, most);
            }
            out.write(buffer, 0, n);
        }
        return size;
    }

    static Problem tooLarge(String field, long most) {
        return new Problem(
                413,
                "PAYLOAD_TOO_LARGE",
                field + ": must be no larger than "
                        + (most >= 1_000_000 ? most / 1_000_000 + " MB." : most + " bytes."));
    }
}
