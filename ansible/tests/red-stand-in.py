#!/usr/bin/python3
"""Stands in on loopback for something that answers wrongly, so that a check has to see it.

gateway PORT BEHIND FILE  passes every request to the gateway on port BEHIND, from the asker's own address; the lines of
                          FILE say what it does wrong: open, trace, brew, endless.
figures PORT BEHIND       answers every request with the figures that port BEHIND shows at the start.
receiver PORT             takes every event, whatever its signature.
"""

import contextlib
import pathlib
import socket
import sys
import threading
import urllib.request

# What a check asks, and the wrong answer to it.
WRONG = {
    "open": (b"GET /webhooks ", b"HTTP/1.1 200 OK", b"[]"),
    "trace": (b"GET /%zz ", b"HTTP/1.1 400 Bad Request", b"java.lang.IllegalStateException"),
    "brew": (b"BREW ", b"HTTP/1.1 200 OK", b"{}"),
}
# The address of the burst that has to be refused sooner or later.
BURST = "127.0.0.83"
SECONDS = 5


def reply(status, body):
    return status + b"\r\nContent-Length: %d\r\nConnection: close\r\n\r\n" % len(body) + body


def copied(source, target):
    """Everything that comes, until the end, which the target is told of."""
    with contextlib.suppress(OSError):
        while chunk := source.recv(65536):
            target.sendall(chunk)
    with contextlib.suppress(OSError):
        target.shutdown(socket.SHUT_WR)


def answered(client, text):
    """The client has the answer, and its own request to the end, because an early end could cost it the answer."""
    client.sendall(text)
    client.shutdown(socket.SHUT_WR)
    while client.recv(65536):
        pass


def passed_on(client, first, address, port):
    with socket.create_connection(("127.0.0.1", port), SECONDS, (address, 0)) as behind:
        behind.sendall(first)
        asking = threading.Thread(target=copied, args=(client, behind), daemon=True)
        asking.start()
        copied(behind, client)
        asking.join(SECONDS)


def gateway(client, address, port, wrong):
    first = client.recv(65536)
    for word in wrong:
        asked, status, body = WRONG.get(word, (None, None, None))
        if asked and first.startswith(asked):
            answered(client, reply(status, body))
            return
    if "endless" in wrong and address == BURST:
        answered(client, reply(b"HTTP/1.1 401 Unauthorized", b"{}"))
        return
    passed_on(client, first, address, port)


def served(port, serve):
    def one(client, address):
        with client, contextlib.suppress(OSError):
            client.settimeout(SECONDS)
            serve(client, address)

    with socket.create_server(("127.0.0.1", port), backlog=64) as server:
        while True:
            client, (address, _) = server.accept()
            threading.Thread(target=one, args=(client, address), daemon=True).start()


def main():
    kind, port = sys.argv[1], int(sys.argv[2])
    if kind == "gateway":
        # Read for each request: what follows in the file was planted after the start.
        words = pathlib.Path(sys.argv[4])
        served(port, lambda client, address: gateway(client, address, int(sys.argv[3]), words.read_text().split()))
    elif kind == "figures":
        with urllib.request.urlopen(f"http://127.0.0.1:{sys.argv[3]}/metrics", timeout=SECONDS) as figures:
            text = reply(b"HTTP/1.1 200 OK", figures.read())
        served(port, lambda client, address: client.recv(65536) and answered(client, text))
    elif kind == "receiver":
        served(port, lambda client, address: client.recv(65536) and answered(client, reply(b"HTTP/1.1 200 OK", b"{}")))
    else:
        raise SystemExit(__doc__)


main()
