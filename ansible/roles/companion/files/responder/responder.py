#!/usr/bin/python3
"""A small companion of the gateway: answers incoming messages, and lets local programs send.

POST /webhook   the gateway's events; the signature is checked before the body is read as JSON.
POST /send      {"to": "6281234567890", "message": "...", "token": "..."} from programs on this host.
GET  /health    200 while it runs.

Credentials (files in $CREDENTIALS_DIRECTORY): gateway-auth (user:password for the gateway), webhook-secret, send-token.
Settings: HOST, PORT, GATEWAY (http://127.0.0.1:3000), REPLY (the answer to "ping").
"""

import base64
import hashlib
import hmac
import json
import os
import queue
import threading
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

MAX_BODY = 256 * 1024
GATEWAY = os.environ.get("GATEWAY", "http://127.0.0.1:3000")
REPLY = os.environ.get("REPLY", "pong")


def credential(name):
    """A secret of this service; a missing one stops the start, an empty one never means "no check"."""
    with open(os.path.join(os.environ["CREDENTIALS_DIRECTORY"], name), encoding="utf-8") as file:
        secret = file.read().strip()
    if not secret:
        raise SystemExit(f"The credential {name} is empty; set it in companion_services.")
    return secret


class Gateway:
    """The gateway's send route."""

    def __init__(self, auth):
        self.authorization = "Basic " + base64.b64encode(auth.encode()).decode()

    def send(self, to, message):
        """Sends a text; the status and body of the gateway's reply."""
        request = urllib.request.Request(
            GATEWAY + "/send/message",
            data=json.dumps({"phone": to, "message": message}).encode(),
            headers={"Content-Type": "application/json", "Authorization": self.authorization},
        )
        try:
            with urllib.request.urlopen(request, timeout=30) as reply:
                return reply.status, reply.read()
        except urllib.error.HTTPError as refusal:
            return refusal.code, refusal.read()
        except OSError:
            return 502, b'{"code":"UNAVAILABLE","message":"The gateway does not answer."}'


def signed(body, header, secret):
    """Whether the signature header is that of the body, compared in constant time."""
    expected = "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected.encode(), (header or "").encode("utf-8", "replace"))


def answer_to(event):
    """Whom to answer, and what; None when the event asks for nothing."""
    payload = event.get("payload") if isinstance(event, dict) else None
    if not isinstance(payload, dict) or payload.get("is_from_me"):
        return None
    text = payload.get("body") or payload.get("text") or ""
    sender = payload.get("from") or ""
    if isinstance(text, str) and isinstance(sender, str) and sender and text.strip().lower() == "ping":
        return sender.split(" ")[0], REPLY
    return None


def wish_of(body):
    """The recipient, text and token of a request to send; None when one of them is missing or is not valid text."""
    try:
        wish = json.loads(body)
        fields = str(wish["to"]), str(wish["message"]), str(wish["token"])
        "".join(fields).encode()
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return fields


class Responder(BaseHTTPRequestHandler):
    """The three routes."""

    server_version = "responder"
    sys_version = ""
    timeout = 30

    def do_GET(self):
        self.reply(200, {"status": "ok"}) if self.path == "/health" else self.reply(404, {"error": "not found"})

    def do_POST(self):
        body = self.body()
        if body is None:
            return
        if self.path == "/webhook":
            self.webhook(body)
        elif self.path == "/send":
            self.send(body)
        else:
            self.reply(404, {"error": "not found"})

    def webhook(self, body):
        if not signed(body, self.headers.get("X-Hub-Signature-256"), self.server.webhook_secret):
            self.log_message("refused an unsigned event")
            self.reply(401, {"error": "signature"})
            return
        # Acknowledged first, answered afterwards: the gateway must not wait for its own send.
        self.reply(200, {"status": "received"})
        try:
            answer = answer_to(json.loads(body))
        except (ValueError, RecursionError):
            return
        if answer:
            try:
                self.server.answers.put_nowait(answer)
            except queue.Full:
                self.log_message("too many answers waiting; one was dropped")

    def send(self, body):
        wish = wish_of(body)
        if wish is None:
            self.reply(400, {"error": "send needs to, message and token"})
            return
        to, message, token = wish
        if not hmac.compare_digest(token.encode(), self.server.send_token.encode()):
            self.log_message("refused a wrong token")
            self.reply(401, {"error": "token"})
            return
        status, reply = self.server.gateway.send(to, message)
        self.raw(status, reply)

    def body(self):
        length = self.headers.get("Content-Length", "")
        # int() refuses thousands of digits.
        if not length.isdecimal() or len(length) > 9 or int(length) > MAX_BODY:
            self.reply(413 if length.isdecimal() else 411, {"error": "length"})
            return None
        return self.rfile.read(int(length))

    def reply(self, status, value):
        self.raw(status, json.dumps(value).encode())

    def raw(self, status, body):
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class Server(ThreadingHTTPServer):
    """The listener on loopback, and the thread that sends answers."""

    daemon_threads = True

    def __init__(self, address):
        super().__init__(address, Responder)
        self.gateway = Gateway(credential("gateway-auth"))
        self.webhook_secret = credential("webhook-secret")
        self.send_token = credential("send-token")
        self.answers = queue.Queue(maxsize=1000)
        threading.Thread(target=self.answer, daemon=True).start()

    def answer(self):
        while True:
            self.gateway.send(*self.answers.get())


if __name__ == "__main__":
    Server((os.environ.get("HOST", "127.0.0.1"), int(os.environ.get("PORT", "15852")))).serve_forever()
