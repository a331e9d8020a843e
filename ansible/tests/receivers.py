"""What an operator has: a mail server and a webhook, as inventory.yml names them.

What arrives is a file each, below the folder that is the argument.
"""

import http.server
import itertools
import pathlib
import socketserver
import sys
import threading

number = itertools.count()


def keep(kind, body):
    pathlib.Path(sys.argv[1], kind, f"{next(number):04}").write_bytes(body)


class Mail(socketserver.StreamRequestHandler):
    def handle(self):
        self.wfile.write(b"220 test\r\n")
        for line in self.rfile:
            word = line[:4].upper()
            if word == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                keep("mail", b"".join(iter(self.rfile.readline, b".\r\n")))
            self.wfile.write(b"221 bye\r\n" if word == b"QUIT" else b"250 ok\r\n")


class Post(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        keep("post", self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *words):
        pass


threading.Thread(target=socketserver.ThreadingTCPServer(("127.0.0.1", 2525), Mail).serve_forever, daemon=True).start()
http.server.ThreadingHTTPServer(("127.0.0.1", 9999), Post).serve_forever()
