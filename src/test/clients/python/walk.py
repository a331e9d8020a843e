"""The walk of a client's user through the gateway: device, login, messages, chats, an error, a webhook.

Each call prints one line of JSON: {"call": NAME, "error": null or TEXT}. src/test/clients/run.py reads the lines.
"""

import hashlib
import hmac
import json
import os
import queue
import sys
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

URL = os.environ["GATEWAY_URL"]
USER = os.environ["GATEWAY_USER"]
PASSWORD = os.environ["GATEWAY_PASSWORD"]
SECRET = os.environ["WEBHOOK_SECRET"]
PICTURE = Path(os.environ["PICTURE"])
PICTURE_URL = os.environ["PICTURE_URL"]
PHONE = "6281234567890"
CHAT = PHONE + "@s.whatsapp.net"


class Wrong(Exception):
    """An answer that is not the right one."""


def expect(holds, what):
    """Raises the error that `what` stands for unless `holds` is true."""
    if not holds:
        raise Wrong(str(what)[:600])


@contextmanager
def call(name):
    """Reports one call: well when the block ends, wrong when it raises."""
    error = None
    try:
        yield
    except Exception as wrong:
        error = f"{type(wrong).__name__}: {wrong}"[:900]
    print(json.dumps({"call": name, "error": error}), flush=True)


class Receiver:
    """A receiver of webhooks on loopback, which keeps the headers and the bytes of each delivery."""

    def __init__(self):
        deliveries = self.deliveries = queue.Queue()

        class Handler(BaseHTTPRequestHandler):
            """Keeps a delivery and answers 200."""

            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                deliveries.put((dict(self.headers.items()), body))
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                """Prints nothing: standard output is the report."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def next(self, text):
        """Returns headers (in lower case) and body of the delivery whose body has the text."""
        while True:
            headers, body = self.deliveries.get(timeout=15)
            if text.encode() in body:
                return {name.lower(): value for name, value in headers.items()}, body


def hub_signature_holds(headers, body):
    """Tells whether X-Hub-Signature-256 is the HMAC of the body."""
    wanted = "sha256=" + hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(wanted, headers["x-hub-signature-256"])


def check_signature(headers, body):
    """Checks the signature of a delivery, and that the signature of a changed body is not right."""
    expect(hub_signature_holds(headers, body), "the signature is wrong")
    expect(not hub_signature_holds(headers, body + b" "), "the signature of a changed body is right")


def check_error(status, answer):
    """Checks what the gateway says of an empty body: every field that is missing, in the original's form."""
    expect(status == 400 and answer["code"] == "VALIDATION_ERROR", f"{status} {answer}")
    expect("message" in answer["message"] and "phone" in answer["message"], answer["message"])


def results(pair):
    """Returns the results of an answer that must be a success."""
    status, answer = pair
    expect(status == 200 and answer["code"] == "SUCCESS", f"{status} {answer}")
    return answer.get("results")


def walk(client, device):
    """Does with `client` what a user does. `client` has the methods request(), upload(), raw() and wrong_password()."""

    def get(path, **query):
        return results(client.request("GET", path, query={"device_id": device, **query}))

    def post(path, body):
        return results(client.request("POST", path, query={"device_id": device}, body=body))

    with call("make a device"):
        made = results(client.request("POST", "/devices", body={"device_id": device}))
        expect(made["id"] == device, made)
    with call("log in"):
        expect(get("/app/login")["qr_link"].startswith(URL), "qr_link is elsewhere")
        results(client.request("POST", "/sandbox/pair", query={"device_id": device}))
        expect(get("/app/status")["is_logged_in"] is True, "not logged in")
    with call("send a text"):
        sent = post("/send/message", {"phone": PHONE, "message": "Grüße & 100 % 👋"})
        expect(sent["message_id"], sent)
    with call("send a picture by file"):
        fields = {"phone": PHONE, "caption": "Grüße", "view_once": "false", "compress": "false"}
        sent = results(client.upload("/send/image", {"device_id": device}, fields, "image", PICTURE))
        expect(sent["message_id"], sent)
    with call("send a picture by address"):
        sent = post("/send/image", {"phone": PHONE, "image_url": PICTURE_URL, "caption": "by address"})
        expect(sent["message_id"], sent)
    with call("page through chats"):
        post("/send/message", {"phone": "12025550101", "message": "another chat"})
        pages = [get("/chats", limit=1, offset=offset) for offset in range(2)]
        expect({page["data"][0]["jid"] for page in pages} == {CHAT, "12025550101@s.whatsapp.net"}, pages)
    with call("read messages"):
        messages = get(f"/chat/{CHAT}/messages", start_time="2026-01-02T03:04:05Z", limit=10)["data"]
        expect({"Grüße & 100 % 👋", "Grüße", "by address"} <= {message["content"] for message in messages}, messages)
    with call("download a picture"):
        picture = next(message for message in messages if message["media_type"] == "image")
        file = get(f"/message/{picture['id']}/download", phone=PHONE)
        status, body = client.raw("GET", "/" + file["file_path"])
        expect(
            status == 200 and body[:3] == b"\xff\xd8\xff" and len(body) == file["file_size"], f"{status} {body[:40]}"
        )
    with call("read an error"):
        check_error(*client.request("POST", "/send/message", query={"device_id": device}, body={}))
    with call("read an error of a path"):
        status, answer = client.request("GET", "/no/such/path")
        expect(status == 404 and answer["code"] and answer["message"], f"{status} {answer}")
    with call("be refused with a wrong password"):
        expect(client.wrong_password("/devices") == 401, "not 401")
    with call("receive a webhook and verify it"):
        receiver = Receiver()
        hook = post("/webhooks", {"url": receiver.url, "secret": SECRET, "events": ["message"], "device": device})
        post("/sandbox/inbound", {"from": "12025550101", "message": "a question from outside"})
        headers, body = receiver.next("a question from outside")
        check_signature(headers, body)
    with call("remove the webhook and the device"):
        status, answer = client.request("DELETE", f"/webhooks/{hook['id']}")
        expect(status == 200, answer)
        status, answer = client.request("DELETE", f"/devices/{device}", query={"force": "true"})
        expect(status == 200, answer)


def paired(client, device):
    """Makes a device and logs it in, for what a client does beyond the walk."""
    results(client.request("POST", "/devices", body={"device_id": device}))
    results(client.request("GET", "/app/login", query={"device_id": device}))
    results(client.request("POST", "/sandbox/pair", query={"device_id": device}))
    return {"device_id": device}


def removed(client, device):
    """Removes a device."""
    results(client.request("DELETE", f"/devices/{device}", query={"force": "true"}))


def name():
    """Returns the program's argument."""
    return sys.argv[1]
