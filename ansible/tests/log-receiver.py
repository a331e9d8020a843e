"""The other host that gets the logs: syslog by TLS, as logging_remote names it (RFC 5425).

Run with a file for the lines, a certificate, its key, and the authority whose certificates clients must have.
"""

import pathlib
import socketserver
import ssl
import sys


class Lines(socketserver.StreamRequestHandler):
    """Keeps each line that comes with its length before it, and nothing of a connection that fails."""

    def handle(self):
        try:
            self.request = TLS.wrap_socket(self.request, server_side=True)
        except OSError:
            return
        lines = self.request.makefile("rb")
        while length := self.length(lines):
            line = lines.read(length)
            if len(line) < length:
                return
            with pathlib.Path(sys.argv[1]).open("ab") as kept:
                kept.write(line.replace(b"\n", b" ") + b"\n")

    def length(self, lines):
        text = b""
        while (sign := lines.read(1)) and sign != b" ":
            text += sign
        return int(text) if sign else 0


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
TLS.load_cert_chain(sys.argv[2], sys.argv[3])
TLS.load_verify_locations(sys.argv[4])
TLS.verify_mode = ssl.CERT_REQUIRED
Server(("127.0.0.1", 6514), Lines).serve_forever()
