#!/usr/bin/env python3
"""Runs public client programs against a gateway with the sandbox engine, and writes target/clients.json.

Usage: run.py [PART]   (only the clients with PART in their name, and no file is written)
src/build/clients prepares what the programs need, and calls it.
Exit: 0 nothing failed but what excused.tsv excuses, 1 something failed, 2 no client has PART in its name.
"""

import base64
import json
import os
import re
import secrets
import struct
import subprocess
import sys
import threading
import time
import zlib
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

HERE = Path(__file__).parent
TREE = HERE.parents[2]
WORK = TREE / "target" / "clients"
PYTHON = str(WORK / "venv" / "bin" / "python")
GO = str(WORK / "go")
MAX_START_SECONDS = 60
MAX_CLIENT_SECONDS = 40
MAX_RUN_SECONDS = 150
AT_ONCE = 2

# The name of each client, and how its program starts.
CLIENTS = {
    "urllib (Python)": [PYTHON, HERE / "python/http_clients.py", "urllib"],
    "requests (PyPI)": [PYTHON, HERE / "python/http_clients.py", "requests"],
    "httpx (PyPI)": [PYTHON, HERE / "python/http_clients.py", "httpx"],
    "aiohttp (PyPI)": [PYTHON, HERE / "python/http_clients.py", "aiohttp"],
    "gowa (PyPI)": [PYTHON, HERE / "python/gowa_client.py"],
    "py-wago (PyPI)": [PYTHON, HERE / "python/wago_client.py"],
    "openapi-python-client (PyPI)": [PYTHON, HERE / "python/generated_client.py"],
    "standardwebhooks (PyPI)": [PYTHON, HERE / "python/verifiers.py", "standardwebhooks"],
    "svix (PyPI)": [PYTHON, HERE / "python/verifiers.py", "svix"],
    "axios (npm)": ["node", WORK / "node/http.js", "axios"],
    "openapi-generator (Maven)": ["node", WORK / "node/generated.js"],
    "fetch (Node)": ["node", WORK / "node/http.js", "fetch"],
    "standardwebhooks (npm)": ["node", WORK / "node/verifiers.js", "standardwebhooks"],
    "svix (npm)": ["node", WORK / "node/verifiers.js", "svix"],
    "net/http (Go)": [GO, "net-http"],
    "standardwebhooks (Go)": [GO, "standardwebhooks"],
    "svix (Go)": [GO, "svix"],
    "curl (PHP)": ["php", HERE / "php/walk.php"],
}


def png():
    """Returns the bytes of a small picture."""
    rows = b"".join(b"\0" + b"".join(bytes((4 * x, 4 * y, 128)) for x in range(64)) for y in range(64))

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 64, 64, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def serve(picture):
    """Serves the picture on loopback and returns its address."""

    class Handler(BaseHTTPRequestHandler):
        """Answers each GET with the picture."""

        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "image/png")
            self.send_header("Content-Length", str(len(picture)))
            self.end_headers()
            self.wfile.write(picture)

        def log_message(self, *_):
            """Prints nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}/picture.png"


def start(password):
    """Starts a gateway of its own on a free port, and returns its process and its address."""
    folder = WORK / "server"
    folder.mkdir(parents=True)
    secret = WORK / "credential"
    secret.touch(mode=0o600)
    secret.write_text(f"admin:{password}\n")
    # Webhooks and downloads may go to loopback, where the clients are.
    settings = {
        "APP_BASIC_AUTH_FILE": str(secret),
        "APP_PORT": "0",
        "APP_METRICS_PORT": "0",
        "APP_RATE_LIMIT": "off",
        "WHATSAPP_WEBHOOK_ALLOW_HTTP": "true",
        "WHATSAPP_WEBHOOK_ALLOW_CIDRS": "127.0.0.0/8",
        "WHATSAPP_DOWNLOAD_ALLOW_HTTP": "true",
        "WHATSAPP_DOWNLOAD_ALLOW_CIDRS": "127.0.0.0/8",
    }
    log = WORK / "server.log"
    with log.open("w") as written:
        server = subprocess.Popen(
            [TREE / "whatsapp", "rest"], cwd=folder, env={**os.environ, **settings}, stdout=written, stderr=written
        )
    limit = time.monotonic() + MAX_START_SECONDS
    while time.monotonic() < limit and server.poll() is None:
        ready = re.search(r"Ready on (http[^,\s]*)", log.read_text())
        if ready:
            return server, ready.group(1)
        time.sleep(0.1)
    server.kill()
    sys.exit(log.read_text() + "clients: the gateway did not start.")


def excuses():
    """Returns the reason for each pair of client and call that excused.tsv names."""
    lines = (HERE / "excused.tsv").read_text().splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return {(client, call): reason for client, call, reason in rows}


def try_client(command, environment, seconds):
    """Runs one client and returns the error of each of its calls; a call that went well has None."""
    calls, ended = {}, None
    try:
        done = subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=max(1, seconds), check=False, cwd=WORK
        )
        output, errors = done.stdout, done.stderr
        if done.returncode:
            ended = f"exit {done.returncode}: {errors[-600:]}"
    except subprocess.TimeoutExpired as late:
        output = (late.stdout or b"").decode(errors="replace")
        ended = f"no end within {seconds:.0f} s"
    for line in output.splitlines():
        try:
            report = json.loads(line)
            calls[report["call"]] = report["error"]
        except (ValueError, TypeError, KeyError):
            ended = ended or f"a line that is no report: {line[:300]}"
    if ended or not calls:
        calls["end"] = ended or "no call was reported"
    return calls


def judge(name, calls, excused, seconds):
    """Prints how the client fared, and returns how many calls failed and how many were excused."""
    faults, pardoned = [], 0
    for call, error in calls.items():
        if error is None and (name, call) in excused:
            faults.append(f"«{call}»: it works, so its line in excused.tsv is out of date")
        elif error is not None and (name, call) in excused:
            pardoned += 1
        elif error is not None:
            faults.append(f"«{call}»: {error}")
    for client, call in excused:
        if client == name and call not in calls:
            faults.append(f"«{call}»: excused.tsv names it, and the client does no such call")
    print(f"{name}: {len(calls)} calls, {len(faults)} failed, {pardoned} excused, {seconds:.1f} s")
    for fault in faults:
        print(f"  FAILED {fault}", flush=True)
    return len(faults), pardoned


def commit():
    """Returns the commit of the tree."""
    head = subprocess.run(
        ["git", "rev-parse", "--short=12", "HEAD"], cwd=TREE, capture_output=True, text=True, check=False
    )
    return head.stdout.strip() or "unknown"


def main():
    """Runs the clients one by one and writes the result."""
    part = sys.argv[1] if len(sys.argv) > 1 else ""
    chosen = {name: command for name, command in CLIENTS.items() if part in name}
    if not chosen:
        print(f"clients: no client has {part!r} in its name; there are: {', '.join(CLIENTS)}.", file=sys.stderr)
        sys.exit(2)
    began, excused = time.monotonic(), excuses()
    unknown = {client for client, _ in excused} - set(CLIENTS)
    if unknown:
        sys.exit(f"clients: excused.tsv names clients that do not exist: {', '.join(sorted(unknown))}.")
    page = (TREE / "src/site/markdown/evidence/clients.md").read_text()
    for (client, call), reason in excused.items():
        if f"| {client} | {call} | {reason} |" not in page:
            sys.exit(f"clients: the page evidence/clients.md lacks the excuse of {client} for «{call}».")
    password = secrets.token_urlsafe(24)
    picture = WORK / "picture.png"
    picture.write_bytes(png())
    server, url = start(password)
    environment = {
        **os.environ,
        "GATEWAY_URL": url,
        "GATEWAY_USER": "admin",
        "GATEWAY_PASSWORD": password,
        "PICTURE": str(picture),
        "PICTURE_URL": serve(picture.read_bytes()),
        "PYTHONPATH": str(WORK / "generated"),
        "PYTHONWARNINGS": "ignore",
    }
    total = {"clients": 0, "calls": 0, "failed": 0, "excused": 0}

    def serve_one(name):
        since = time.monotonic()
        secret = "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()
        left = min(MAX_CLIENT_SECONDS, MAX_RUN_SECONDS - (since - began))
        command = [str(word) for word in chosen[name]]
        calls = try_client(command, {**environment, "WEBHOOK_SECRET": secret}, left)
        return name, calls, time.monotonic() - since

    try:
        with ThreadPoolExecutor(AT_ONCE) as workers:
            for name, calls, seconds in workers.map(serve_one, chosen):
                failed, pardoned = judge(name, calls, excused, seconds)
                total["clients"] += 1
                total["calls"] += len(calls)
                total["failed"] += failed
                total["excused"] += pardoned
    finally:
        server.terminate()
        server.wait(30)
        (WORK / "credential").unlink()
    severe = [line for line in (WORK / "server.log").read_text().splitlines() if " SEVERE " in line]
    for line in severe:
        print(f"  FAILED: the gateway's log has an error: {line[:300]}")
    total["failed"] += len(severe)
    result = {**total, "commit": commit(), "seconds": round(time.monotonic() - began)}
    text = json.dumps(result, indent=2) + "\n"
    if not part:
        (TREE / "target" / "clients.json").write_text(text)
    print(text, end="")
    sys.exit(1 if total["failed"] else 0)


main()
