package gateway.backup.remote;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.regex.Pattern;

import gateway.process.ExplainedFault;
import gateway.process.PassingFault;

/**
 * A place on another machine that holds files, each under a name of letters, digits and {@code ._-}. Every method
 * throws a {@link PassingFault} when the trouble may be over by itself, and an {@link ExplainedFault} when a person must act.
 */
public interface RemotePlace {
    /** The address for people, without any secret. */
    String name();

    /** The form of a name. A name of another form in a server's list could lead out of a directory, so it is left out. */
    Pattern NAME = Pattern.compile("[A-Za-z0-9._-]+");

    /** The names of all files that are there whole, and their sizes in bytes as the server tells them. */
    SortedMap<String, Long> files();

    /** Uploads a file, in place of one that has the name. */
    void put(Path file, String name);

    /**
     * Reads a file back.
     *
     * @param most how many bytes it may have; of a longer one, at most that many and one more are given
     * @throws IOException when {@code into} does not take what comes
     */
    void get(String name, long most, OutputStream into) throws IOException;

    /** Removes a file; one that is not there is no fault. */
    void delete(String name);

    /** Removes what cut uploads have left of files whose names begin so. */
    void sweep(String beginning);
}
