#!/usr/bin/env python3
"""Checks a security.log of the WhatsApp gateway without trusting its program: Python's standard library only.

    audit-verify.py --seed audit.seed --key audit.pub --checkpoints audit.checkpoints [--state audit.state] \\
        security.log.3.gz security.log.2 security.log.1 security.log

The logs are given oldest first. Exit 0: sound. 1: changed, the first bad line is named. 2: could not be checked.
"""

import argparse
import base64
import gzip
import hashlib
import hmac
import pathlib
import re
import sys
import zlib

LINE = re.compile(rb'(\{"seq":(\d{1,18}),.*,"e":(\d{1,18}),"prev":"([0-9a-f]{64})"),"h":"([0-9a-f]{64})"\}')
NOTE = re.compile(
    rb'\{"origin":"whatsapp-security-log","kind":"(time|rotation)","seq":(\d{1,18}),"h":"([0-9a-f]{64})",'
    rb'"epoch":(\d{1,18}),"ts":"([0-9TZ:.+-]{20,40})","sig":"([A-Za-z0-9+/=]{88})"\}'
)

# Ed25519 (RFC 8032 section 5.1), verification only; slow and plain.
P = 2**255 - 19
Q = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P


def recover_x(y, sign):
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if (x * x - square) % P:
        return None
    return P - x if x & 1 != sign else x


def add(a, b):
    e = (a[1] - a[0]) * (b[1] - b[0])
    f = (a[1] + a[0]) * (b[1] + b[0])
    c = 2 * a[3] * b[3] * D
    d = 2 * a[2] * b[2]
    g, h, i, j = f - e, d - c, d + c, f + e
    return g * h % P, i * j % P, h * i % P, g * j % P


def multiply(k, point):
    result = (0, 1, 1, 0)
    while k:
        if k & 1:
            result = add(result, point)
        point = add(point, point)
        k >>= 1
    return result


def decompress(data):
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (1 << 255) - 1
    x = recover_x(y, sign) if y < P else None
    return None if x is None else (x, y, 1, x * y % P)


BASE_Y = 4 * pow(5, P - 2, P) % P
BASE = (recover_x(BASE_Y, 0), BASE_Y, 1, recover_x(BASE_Y, 0) * BASE_Y % P)


def signed_by(public, message, signature):
    key, r, s = decompress(public), decompress(signature[:32]), int.from_bytes(signature[32:], "little")
    if key is None or r is None or s >= Q:
        return False
    k = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % Q
    left, right = multiply(s, BASE), add(r, multiply(k, key))
    return (left[0] * right[2] - right[0] * left[2]) % P == 0 and (left[1] * right[2] - right[1] * left[2]) % P == 0


class Bad(Exception):
    pass


def notes(path, public):
    found = {}
    with open(path, "rb") as file:
        for number, whole in enumerate(file, 1):
            line = whole.rstrip(b"\n")
            if not line:
                continue
            match = NOTE.fullmatch(line)
            message = match and b"whatsapp-security-log\n" + b"\n".join(match.groups()[:5]) + b"\n"
            if not match or not signed_by(public, message, base64.b64decode(match[6])):
                raise Bad(f"{path}:{number}: the checkpoint is not signed by this log's key")
            seq = int(match[2])
            if seq in found and found[seq][1] != match[3]:
                raise Bad(f"{path}:{number}: two checkpoints contradict each other about line {seq}")
            if seq not in found or match[1] == b"rotation":
                found[seq] = (match[1], match[3], int(match[4]), match[5].decode())
    return found


def lines_of(path):
    with (gzip.open if path.endswith(".gz") else open)(path, "rb") as file:
        try:
            yield from enumerate(file, 1)
        except (gzip.BadGzipFile, EOFError, zlib.error):
            raise Bad(f"{path}: it cannot be unpacked: it was changed or cut") from None


def check(logs, found, key, written):
    seq, last, epoch, lines = None, b"0" * 64, 0, 0
    for path in logs:
        for number, line in lines_of(path):
            where = f"{path}:{number}: "
            match = LINE.fullmatch(line[:-1]) if line.endswith(b"\n") else None
            if not match:
                raise Bad(where + "it is not a line of this log")
            here, its_epoch = int(match[2]), int(match[3])
            if seq is None:
                before = found.get(here - 1)
                if here != 1 and (before is None or before[0] != b"rotation"):
                    raise Bad(where + f"the lines before line {here} are missing, and no rotation ended there")
                seq, last = here - 1, before[1] if here != 1 else last
            if here != seq + 1:
                raise Bad(where + f"line {seq + 1} is missing, here is line {here}")
            if match[4] != last:
                raise Bad(where + "it does not follow the line before it")
            if its_epoch < epoch or its_epoch > here + epoch + 1000000:
                raise Bad(where + f"its epoch {its_epoch} cannot follow epoch {epoch}")
            while epoch < its_epoch:
                key, epoch = hashlib.sha256(b"evolve" + key).digest(), epoch + 1
            if hmac.new(key, match[1], "sha256").hexdigest().encode() != match[5]:
                raise Bad(where + "its seal does not match: it was changed")
            note = found.get(here)
            if note and (note[1] != match[5] or note[2] < its_epoch):
                raise Bad(where + f"it is not the line that the checkpoint of {note[3]} was signed over")
            seq, last, lines = here, match[5], lines + 1
    end = seq or 0
    newest = max(found, default=0)
    if max(newest, written) > end:
        raise Bad(f"the log ends with line {end}, but line {max(newest, written)} had been written")
    return lines


def main():
    parser = argparse.ArgumentParser(description="Check a security.log of the WhatsApp gateway.")
    parser.add_argument("--seed", required=True)
    parser.add_argument("--key", required=True)
    parser.add_argument("--checkpoints", action="append", default=[])
    parser.add_argument("--state")
    parser.add_argument("logs", nargs="+")
    options = parser.parse_args()
    try:
        seed = bytes.fromhex(pathlib.Path(options.seed).read_text().strip())
        public = base64.b64decode(pathlib.Path(options.key).read_text().strip())[-32:]
        written = int(pathlib.Path(options.state).read_text().split()[2]) if options.state else 0
        found = {}
        for path in options.checkpoints:
            found.update(notes(path, public))
        print(f"sound: {check(options.logs, found, seed, written)} lines")
        return 0
    except Bad as bad:
        print(bad, file=sys.stderr)
        return 1
    except (OSError, ValueError, IndexError) as error:
        print(f"could not be checked: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
