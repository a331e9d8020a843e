package gateway.backup.remote;

import java.nio.file.Path;
import java.time.InstantSource;

import gateway.config.BackupAddress;
import gateway.config.source.remote.Lookup;

/** The way from an address to its place. */
public final class RemotePlaces {
    private RemotePlaces() {}

    /**
     * A place; nothing is sent yet.
     *
     * @param lookup    finds keys of S3
     * @param directory relative paths of an address begin there
     */
    public static RemotePlace of(BackupAddress address, Lookup lookup, Path directory, InstantSource clock) {
        return switch (address) {
            case BackupAddress.S3 s3 -> new S3Place(s3, lookup, clock);
            case BackupAddress.Sftp sftp -> new SftpPlace(sftp, directory);
        };
    }
}
