/**
 * Places on other machines that hold files: S3 and SFTP. Nothing here knows what the files are; whoever uses these
 * places compares what comes back with what was sent.
 */
@NullMarked
package gateway.backup.remote;

import org.jspecify.annotations.NullMarked;
