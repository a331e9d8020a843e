"""Four HTTP clients of Python on the same walk: urllib, requests, httpx and aiohttp.

Usage: http_clients.py urllib | requests | httpx | aiohttp
"""

import asyncio
import base64
import json
import urllib.error
import urllib.parse
import urllib.request
import uuid

import aiohttp
import httpx
import requests
from walk import (
    PASSWORD,
    PHONE,
    PICTURE,
    SECRET,
    URL,
    USER,
    Receiver,
    call,
    check_signature,
    expect,
    name,
    paired,
    removed,
    results,
    walk,
)

MAX_UPLOAD_AND_MORE = 60_000_000


class Urllib:
    """urllib of the standard library; the form with a file is put together by hand, as its users do."""

    def _open(self, method, path, query, data, headers):
        address = URL + path + ("?" + urllib.parse.urlencode(query) if query else "")
        credential = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        call_ = urllib.request.Request(address, data=data, method=method)  # noqa: S310, the address is the gateway's
        for header, value in {"Authorization": "Basic " + credential, **headers}.items():
            call_.add_header(header, value)
        try:
            with urllib.request.urlopen(call_, timeout=30) as answer:  # noqa: S310, the address is the gateway's
                return answer.status, answer.read()
        except urllib.error.HTTPError as refused:
            with refused:
                return refused.code, refused.read()

    def request(self, method, path, query=None, body=None):
        data = None if body is None else json.dumps(body).encode()
        headers = {} if body is None else {"Content-Type": "application/json"}
        status, text = self._open(method, path, query, data, headers)
        return status, json.loads(text)

    def form(self, path, query, fields, field, content, file_name):
        boundary = uuid.uuid4().hex
        parts = [
            f'--{boundary}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{fields[key]}\r\n' for key in fields
        ]
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="{field}"; filename="{file_name}"\r\n\r\n'
        data = "".join(parts).encode() + head.encode() + content + f"\r\n--{boundary}--\r\n".encode()
        headers = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
        status, text = self._open("POST", path, query, data, headers)
        return status, json.loads(text)

    def upload(self, path, query, fields, field, file):
        return self.form(path, query, fields, field, file.read_bytes(), file.name)

    def raw(self, method, path):
        return self._open(method, path, None, None, {})

    def wrong_password(self, path):
        headers = {"Authorization": "Basic " + base64.b64encode(b"admin:no").decode()}
        return self._open("GET", path, None, None, headers)[0]

    def further(self):
        with call("be told that a file is too large"):
            big = bytes(MAX_UPLOAD_AND_MORE)
            status, answer = self.form("/send/file", {"device_id": "default"}, {"phone": PHONE}, "file", big, "big.bin")
            expect(status == 413 and answer["message"], f"{status} {answer}")


class Requests:
    """The PyPI package requests, with a session."""

    def __init__(self):
        self.session = requests.Session()
        self.session.auth = (USER, PASSWORD)

    def request(self, method, path, query=None, body=None):
        answer = self.session.request(method, URL + path, params=query, json=body, timeout=30)
        return answer.status_code, answer.json()

    def upload(self, path, query, fields, field, file):
        with file.open("rb") as content:
            answer = self.session.post(URL + path, params=query, data=fields, files={field: content}, timeout=30)
        return answer.status_code, answer.json()

    def raw(self, method, path):
        answer = self.session.request(method, URL + path, timeout=30)
        return answer.status_code, answer.content

    def wrong_password(self, path):
        return requests.get(URL + path, auth=("admin", "no"), timeout=30).status_code

    def further(self):
        with call("ask by HEAD whether the gateway lives, and go on with the connection"):
            for path in ("/livez", "/health"):
                expect(self.session.head(URL + path, timeout=30).status_code == 200, path)
            expect(self.session.get(URL + "/livez", timeout=30).status_code == 200, "GET after HEAD")
        with call("name a device with a blank and an @"):
            for device in ("TwoFactor Gateway", "büro@haus"):
                status, answer = self.request("POST", "/devices", body={"device_id": device})
                expect(status == 200, answer)
                path = "/devices/" + urllib.parse.quote(device, safe="")
                status, answer = self.request("GET", path)
                expect(status == 200 and answer["results"]["id"] == device, answer)
                expect(self.request("DELETE", path)[0] == 200, "not removed")
        of = paired(self, "requests-2")
        with call("send a form that is not multipart"):
            form = {"phone": PHONE, "message": "by a form", "is_forwarded": True}
            answer = self.session.post(
                URL + "/send/message", data=form, headers={"X-Device-Id": of["device_id"]}, timeout=30
            )
            expect(answer.status_code == 200, answer.text)
        with call("send a form with forty mentions"):
            form = [
                ("phone", PHONE),
                ("caption", "all"),
                *(("mentions", f"120255501{number:02}") for number in range(40)),
            ]
            files = {"file": ("a.pdf", b"%PDF-1.4 a file")}
            answer = self.session.post(URL + "/send/file", params=of, data=form, files=files, timeout=30)
            expect(answer.status_code == 200, answer.text)
        with call("send to a path with a slash at its end"):
            answer = self.request("POST", "/send/message/", query=of, body={"phone": PHONE, "message": "a slash"})
            expect(answer[0] == 200, answer)
        removed(self, "requests-2")
        with call("give a device a webhook of its own"):
            self._own_webhook()

    def _own_webhook(self):
        receiver = Receiver()
        hook = {"webhook_url": receiver.url, "webhook_secret": SECRET, "webhook_events": "message"}
        made = results(self.request("POST", "/devices", body={"device_id": "requests-3", **hook}))
        expect(SECRET not in str(made), made)
        results(self.request("GET", "/devices/requests-3/login"))
        of = {"device_id": "requests-3"}
        results(self.request("POST", "/sandbox/pair", query=of))
        shown = results(self.request("GET", "/devices/requests-3/webhook"))
        expect(shown["webhook_url"] == receiver.url and SECRET not in str(shown), shown)
        results(self.request("POST", "/sandbox/inbound", query=of, body={"from": "12025550101", "message": "its own"}))
        check_signature(*receiver.next("its own"))
        removed(self, "requests-3")


class Httpx:
    """The PyPI package httpx."""

    def __init__(self):
        self.client = httpx.Client(base_url=URL, auth=(USER, PASSWORD), timeout=30)

    def request(self, method, path, query=None, body=None):
        answer = self.client.request(method, path, params=query, json=body)
        return answer.status_code, answer.json()

    def upload(self, path, query, fields, field, file):
        with file.open("rb") as content:
            answer = self.client.post(path, params=query, data=fields, files={field: content})
        return answer.status_code, answer.json()

    def raw(self, method, path):
        answer = self.client.request(method, path)
        return answer.status_code, answer.content

    def wrong_password(self, path):
        return httpx.get(URL + path, auth=("admin", "no")).status_code

    def further(self):
        with call("read a part of a picture, and not what is known"):
            of = paired(self, "httpx-2")
            sent = results(self.upload("/send/image", of, {"phone": PHONE}, "image", PICTURE))
            file = results(self.request("GET", f"/message/{sent['message_id']}/download", query={**of, "phone": PHONE}))
            whole = self.client.get("/" + file["file_path"])
            part = self.client.get("/" + file["file_path"], headers={"Range": "bytes=10-19"})
            expect(part.status_code == 206 and part.content == whole.content[10:20], part)
            tag = whole.headers.get("etag", "none")
            expect(
                self.client.get("/" + file["file_path"], headers={"If-None-Match": tag}).status_code == 304, "not 304"
            )
            removed(self, "httpx-2")
        with call("not read again what is known"):
            first = self.client.get("/openapi.yaml")
            again = self.client.get("/openapi.yaml", headers={"If-None-Match": first.headers.get("etag", "none")})
            expect(first.status_code == 200 and again.status_code == 304, f"{first.status_code} {again.status_code}")


class Aiohttp:
    """The PyPI package aiohttp."""

    def __init__(self):
        self.loop = asyncio.new_event_loop()
        self.auth = aiohttp.BasicAuth(USER, PASSWORD)

    async def _ask(self, method, path, auth, **options):
        async with (
            aiohttp.ClientSession(auth=auth) as session,
            session.request(method, URL + path, **options) as answer,
        ):
            return answer.status, await answer.read()

    def _run(self, method, path, **options):
        return self.loop.run_until_complete(self._ask(method, path, self.auth, **options))

    def request(self, method, path, query=None, body=None):
        status, text = self._run(method, path, params=query, json=body)
        return status, json.loads(text)

    def upload(self, path, query, fields, field, file):
        form = aiohttp.FormData(fields)
        with file.open("rb") as content:
            form.add_field(field, content, filename=file.name)
            status, text = self._run("POST", path, params=query, data=form)
        return status, json.loads(text)

    def raw(self, method, path):
        return self._run(method, path)

    def wrong_password(self, path):
        wrong = aiohttp.BasicAuth("admin", "no")
        return self.loop.run_until_complete(self._ask("GET", path, wrong))[0]

    def further(self):
        with call("hear of an event by WebSocket"):
            self.loop.run_until_complete(self._listen())

    async def _listen(self):
        async with aiohttp.ClientSession(auth=self.auth) as session, session.ws_connect(URL + "/ws") as socket:
            await socket.send_json({"code": "FETCH_DEVICES"})
            async with asyncio.timeout(15):
                # Events of other clients' devices come on the same socket.
                while (await socket.receive_json())["code"] != "LIST_DEVICES":
                    pass


client = {"urllib": Urllib, "requests": Requests, "httpx": Httpx, "aiohttp": Aiohttp}[name()]()
walk(client, name())
client.further()
