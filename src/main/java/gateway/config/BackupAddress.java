package gateway.config;

import java.nio.file.Path;
import java.util.Optional;

/** A place on another machine that takes copies of backups. Holds no secret. */
public sealed interface BackupAddress {
    /** The address as people write it, without its parameters. */
    String name();

    /**
     * A bucket of AWS S3, or of a server that speaks its protocol.
     *
     * @param prefix       what the names of objects begin with: empty, or ending in a slash
     * @param region       the bucket's; that of the AWS tools when absent
     * @param endpoint     the server's address; AWS when absent
     * @param storageClass of the objects; the bucket's own when absent
     * @param encryption   how the server encrypts objects; not at all when absent
     * @param lockDays     for how many days nobody can remove an object; 0 leaves that to the bucket
     */
    record S3(
            String bucket,
            String prefix,
            Optional<String> region,
            Optional<String> endpoint,
            Optional<String> storageClass,
            Optional<String> encryption,
            int lockDays)
            implements BackupAddress {
        @Override
        public String name() {
            return "s3://" + bucket + "/" + prefix;
        }
    }

    /**
     * A directory that OpenSSH's sftp reaches.
     *
     * @param host       a name or an address, IPv6 without brackets
     * @param directory  absolute
     * @param key        the file of the private key, which needs no passphrase
     * @param knownHosts the file with the server's public key
     */
    record Sftp(String user, String host, int port, String directory, Path key, Path knownHosts)
            implements BackupAddress {
        @Override
        public String name() {
            return "sftp://" + user + "@" + host + directory;
        }
    }
}
