"""What an operator has: a mail server and a webhook, as inventory.yml names them, and a relay with TLS and a password.

What arrives is a file each, below the folder that is the first argument. The second and third are a certificate and its
key, for the relay.
"""

import base64
import http.server
import itertools
import pathlib
import socketserver
import ssl
import sys
import threading

ACCOUNT = b"\0relay\0appliance-test-relay-password"
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


class Relay(socketserver.StreamRequestHandler):
    """Takes mail by TLS and with the password only: RFC 3207 and RFC 4954."""

    def handle(self):
        self.encrypted = self.known = False
        self.say("220 relay")
        # Read anew for each line, because TLS replaces the stream.
        while line := self.rfile.readline():
            self.answer(line.strip(), line[:4].upper())

    def say(self, text):
        self.wfile.write(text.encode() + b"\r\n")

    def answer(self, line, word):
        if word == b"EHLO":
            self.say("250-relay")
            self.say("250 AUTH PLAIN" if self.encrypted else "250 STARTTLS")
        elif word == b"STAR" and not self.encrypted:
            self.say("220 go on")
            self.request = TLS.wrap_socket(self.request, server_side=True)
            self.rfile, self.wfile = self.request.makefile("rb"), self.request.makefile("wb", buffering=0)
            self.encrypted = True
        elif word == b"AUTH" and self.encrypted:
            self.known = base64.b64decode(line.split()[-1]) == ACCOUNT
            self.say("235 welcome" if self.known else "535 wrong user or password")
        elif word == b"QUIT":
            self.say("221 bye")
        elif not self.known:
            self.say("530 say who you are first")
        elif word == b"DATA":
            self.say("354 go on")
            keep("relay", b"".join(iter(self.rfile.readline, b".\r\n")))
            self.say("250 ok")
        else:
            if word == b"RCPT":
                keep("recipient", line)
            self.say("250 ok")


class Post(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        keep("post", self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *words):
        pass


def served(port, handler):
    server = socketserver.ThreadingTCPServer(("127.0.0.1", port), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()


served(2525, Mail)
if sys.argv[2:]:
    TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    TLS.load_cert_chain(*sys.argv[2:])
    served(2587, Relay)
http.server.ThreadingHTTPServer(("127.0.0.1", 9999), Post).serve_forever()
