"""Hooks of the schemathesis run: each call comes from an address of its own, and no account leaves the sandbox.

The gateway makes an address wait after failed logins. The check `ignored_auth` sends wrong credentials on purpose,
so that without addresses of their own the calls behind it would all be refused with 429 and test nothing.
The gateway under test trusts the proxy on loopback and takes the address from X-Forwarded-For.

An account of the engine `web` would connect to WhatsApp itself, which no test does. The generator picks it as a valid
word, so each such call asks for the sandbox instead.
"""

import itertools
import threading

import schemathesis

_numbers = itertools.count(1)
_lock = threading.Lock()


def _address() -> str:
    with _lock:
        number = next(_numbers)
    return f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"


@schemathesis.hook
def before_call(context, case, kwargs):
    """Sets the address from which the call seems to come, and the engine that an account gets."""
    if case.headers is not None:
        case.headers["X-Forwarded-For"] = _address()
    if isinstance(case.body, dict) and case.body.get("engine") == "web":
        case.body["engine"] = "sandbox"
