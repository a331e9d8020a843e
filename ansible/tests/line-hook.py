"""A receiver of webhooks, on the port that is the second argument.

The files' folder is the first argument. The first line of a file is the signature, the rest is the body.
A file gets its name when the file is whole.
"""

import http.server
import itertools
import pathlib
import sys

number = itertools.count()


class Hook(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        file = pathlib.Path(sys.argv[1], f"{next(number):04}")
        file.with_suffix(".part").write_bytes(self.headers.get("X-Hub-Signature-256", "").encode() + b"\n" + body)
        file.with_suffix(".part").rename(file)
        self.send_response(200)
        self.end_headers()

    def log_message(self, *words):
        pass


http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[2])), Hook).serve_forever()
