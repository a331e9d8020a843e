package gateway.check;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

import gateway.audit.AuditVerifier;
import gateway.config.reading.Configuration;
import gateway.digest.Sha256;
import gateway.process.OpenedFile;

/** The machine that this process runs on, seen with the rights of this process. */
public final class Machine implements Evidence {
    private static final int MAX_TEXT = 1 << 20;
    private static final int BUFFER = 1 << 16;
    private static final long PROGRAM_SECONDS = 4;
    private static final List<Path> PROGRAMS =
            List.of(Path.of("/usr/bin"), Path.of("/bin"), Path.of("/usr/sbin"), Path.of("/sbin"));

    private final Supplier<Configuration> configuration;
    private final Supplier<AuditVerifier.Report> securityLog;
    private final Function<String, List<List<String>>> rows;
    private final Function<String, Optional<Attestation.Found>> attestations;
    private final InstantSource clock;
    private final Loopback loopback = new Loopback();

    /**
     * @param configuration the gateway's settings, read once
     * @param securityLog   walks over the log; throws {@link Unseen} when it cannot
     * @param rows          asks the database; throws {@link Unseen} when it cannot
     * @param attestations  finds the attestation of an item; throws {@link Unseen} when it cannot be read
     */
    public Machine(
            Supplier<Configuration> configuration,
            Supplier<AuditVerifier.Report> securityLog,
            Function<String, List<List<String>>> rows,
            Function<String, Optional<Attestation.Found>> attestations,
            InstantSource clock) {
        this.configuration = configuration;
        this.securityLog = securityLog;
        this.rows = rows;
        this.attestations = attestations;
        this.clock = clock;
    }

    @Override
    public Instant now() {
        return clock.instant();
    }

    @Override
    public Configuration configuration() {
        return configuration.get();
    }

    @Override
    public Optional<FileFacts> file(Path path) {
        try {
            var facts = Files.readAttributes(path, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            int mode = 0;
            for (var permission : facts.permissions()) {
                mode |= 1 << PosixFilePermission.values().length - 1 - permission.ordinal();
            }
            var kind = facts.isRegularFile()
                    ? "file"
                    : facts.isDirectory() ? "directory" : facts.isSymbolicLink() ? "link" : "other";
            return Optional.of(new FileFacts(
                    kind,
                    facts.owner().getName(),
                    facts.group().getName(),
                    mode,
                    facts.size(),
                    facts.lastModifiedTime().toInstant()));
        } catch (NoSuchFileException | NotDirectoryException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw unseen(path, e);
        }
    }

    @Override
    public Optional<String> text(Path path) {
        try (var opened = opened(path);
                var in = opened.stream()) {
            var bytes = in.readNBytes(MAX_TEXT + 1);
            if (bytes.length > MAX_TEXT) {
                throw new Unseen(path + " has more than 1 MiB");
            }
            return Optional.of(new String(bytes, StandardCharsets.UTF_8));
        } catch (NoSuchFileException | NotDirectoryException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw unseen(path, e);
        }
    }

    @Override
    public byte[] head(Path path, int bytes) {
        try (var opened = opened(path);
                var in = opened.stream()) {
            return in.readNBytes(bytes);
        } catch (IOException e) {
            throw unseen(path, e);
        }
    }

    @Override
    public String tail(Path path, int bytes) {
        try (var opened = opened(path);
                var in = opened.stream()) {
            in.skip(Math.max(0, opened.attributes().size() - bytes));
            return new String(in.readNBytes(bytes), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw unseen(path, e);
        }
    }

    @Override
    public String sha256(Path path) {
        try (var opened = opened(path);
                var in = opened.stream()) {
            var digest = Sha256.start();
            var buffer = new byte[BUFFER];
            for (int got = in.read(buffer); got >= 0; got = in.read(buffer)) {
                digest.update(buffer, 0, got);
                if (Thread.currentThread().isInterrupted()) {
                    throw new Unseen("the time was too short to read " + path);
                }
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (IOException e) {
            throw unseen(path, e);
        }
    }

    /** Opens a file, and nothing else: a pipe or a device could wait, or speak, without end. */
    private static OpenedFile opened(Path path) throws IOException {
        var opened = OpenedFile.following(path);
        try {
            if (!opened.attributes().isRegularFile()) {
                throw new Unseen(path + " is not a regular file");
            }
            return opened;
        } catch (IOException | Unseen e) {
            opened.close();
            throw e;
        }
    }

    @Override
    public List<Path> list(Path directory) {
        try (var entries = Files.list(directory)) {
            return entries.sorted().toList();
        } catch (NoSuchFileException | NotDirectoryException e) {
            return List.of();
        } catch (UncheckedIOException e) {
            throw new Unseen(directory + " cannot be read whole");
        } catch (IOException e) {
            throw unseen(directory, e);
        }
    }

    @Override
    public Output run(String... command) {
        var program = PROGRAMS.stream()
                .map(directory -> directory.resolve(command[0]))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new Unseen("this machine has no program " + command[0]));
        var words = new ArrayList<>(List.of(command));
        words.set(0, program.toString());
        var builder = new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
        builder.environment().clear();
        builder.environment().put("PATH", "/usr/bin:/bin:/usr/sbin:/sbin");
        builder.environment().put("LC_ALL", "C.UTF-8");
        try {
            var process = builder.start();
            try {
                return output(process, command[0]);
            } finally {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            throw new Unseen(command[0] + " cannot be run here");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Unseen(command[0] + " did not end in time");
        }
    }

    private static Output output(Process process, String name) throws IOException, InterruptedException {
        var killer = Thread.ofVirtual().start(() -> {
            try {
                if (!process.waitFor(PROGRAM_SECONDS, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                }
            } catch (InterruptedException e) {
                process.destroyForcibly();
            }
        });
        var text = printed(process.getInputStream(), name);
        if (!process.waitFor(PROGRAM_SECONDS, TimeUnit.SECONDS) || process.exitValue() == 128 + 9) {
            throw new Unseen(name + " did not end within " + PROGRAM_SECONDS + " s");
        }
        killer.join();
        return new Output(process.exitValue(), text);
    }

    private static String printed(InputStream stream, String name) throws IOException {
        var bytes = stream.readNBytes(MAX_TEXT + 1);
        if (bytes.length > MAX_TEXT) {
            throw new Unseen(name + " printed more than 1 MiB");
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Override
    public Reply http(Request request) {
        return loopback.http(request);
    }

    @Override
    public Handshake tls(int port, String name, String version) {
        return loopback.handshake(port, name, version);
    }

    @Override
    public Handshake outside(int port, String name) {
        return loopback.outside(port, name);
    }

    @Override
    public boolean acceptsOldTls(int port, String name, OldTls version) {
        return loopback.acceptsOldTls(port, name, version);
    }

    @Override
    public AuditVerifier.Report securityLog() {
        return securityLog.get();
    }

    @Override
    public List<List<String>> rows(String sql) {
        return rows.apply(sql);
    }

    @Override
    public Optional<Attestation.Found> attestation(String item) {
        return attestations.apply(item);
    }

    /** Says why a file cannot be read. */
    static Unseen unseen(Path path, IOException e) {
        var why = e instanceof java.nio.file.AccessDeniedException
                ? "this user may not"
                : e instanceof FileSystemException fault && fault.getReason() != null
                        ? fault.getReason()
                        : e.getClass().getSimpleName();
        return new Unseen(path + " cannot be read: " + why);
    }
}
