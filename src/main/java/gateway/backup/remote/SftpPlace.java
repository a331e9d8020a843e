package gateway.backup.remote;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

import gateway.config.BackupAddress;
import gateway.process.ExplainedFault;

/**
 * A directory that OpenSSH's programs reach with a key. A server that is not in the file of known hosts is not spoken
 * to. A file goes up under another name and gets its own at the end; it comes back as a stream, and lies nowhere.
 */
final class SftpPlace implements RemotePlace {
    private static final String UNFINISHED = ".partial";
    /** A file in the list: kind and rights, links, owner, group, size, three words of time, name. */
    private static final Pattern LINE = Pattern.compile(
            "-\\S*\\s+\\S+\\s+\\S+\\s+\\S+\\s+([0-9]{1,18})\\s+\\S+\\s+\\S+\\s+\\S+\\s+(?:.*/)?([^/]+)");

    private final BackupAddress.Sftp address;
    private final OpenSsh ssh;

    SftpPlace(BackupAddress.Sftp address, Path directory) {
        this.address = address;
        this.ssh = new OpenSsh(address, directory.resolve(address.key()), directory.resolve(address.knownHosts()));
    }

    @Override
    public String name() {
        return address.name();
    }

    @Override
    public SortedMap<String, Long> files() {
        var files = all();
        files.keySet().removeIf(name -> name.startsWith("."));
        return files;
    }

    /** Unfinished files, too. */
    private SortedMap<String, Long> all() {
        var files = new TreeMap<String, Long>();
        ssh.run("read", "ls -lna " + remote(""))
                .lines()
                .map(line -> LINE.matcher(line.strip()))
                .filter(line -> line.matches() && NAME.matcher(line.group(2)).matches())
                .forEach(line -> files.put(line.group(2), Long.valueOf(line.group(1))));
        return files;
    }

    @Override
    public void put(Path file, String name) {
        if (!Files.isReadable(file)) {
            throw new ExplainedFault("The backup " + file + " cannot be read.");
        }
        ssh.run(
                "take the file " + name,
                "put -f " + quoted(file.toString()) + " " + remote("." + name + UNFINISHED),
                "-rm " + remote(name),
                "rename " + remote("." + name + UNFINISHED) + " " + remote(name));
    }

    @Override
    public void get(String name, long most, OutputStream into) throws IOException {
        ssh.read("give the file " + name, address.directory() + "/" + name, most, into);
    }

    @Override
    public void delete(String name) {
        if (all().containsKey(name)) {
            ssh.run("remove the file " + name, "rm " + remote(name));
        }
    }

    @Override
    public void sweep(String beginning) {
        all().keySet().stream()
                .filter(name -> name.startsWith("." + beginning) && name.endsWith(UNFINISHED))
                .forEach(name -> ssh.run("remove the file " + name, "rm " + remote(name)));
    }

    private String remote(String name) {
        return quoted(address.directory() + "/" + name);
    }

    /** A word of sftp's own language; in quotation marks, no character of it is a pattern. */
    private static String quoted(String path) {
        return "\"" + path.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }
}
