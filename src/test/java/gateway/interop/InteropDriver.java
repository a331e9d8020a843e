package gateway.interop;

import java.util.List;

/**
 * A foreign client's program.
 *
 * @param name    the client's name, as its authors write it
 * @param command what starts it; the twin's addresses, its root key and the database follow
 */
record InteropDriver(String name, List<String> command) {}
