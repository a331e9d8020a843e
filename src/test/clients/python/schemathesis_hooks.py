"""Hooks of the schemathesis run: where a call comes from, what a text with a format may be, and which failures do not count.

The gateway makes an address wait after failed logins. The check `ignored_auth` sends wrong credentials on purpose,
so that without addresses of their own the calls behind it would all be refused with 429 and test nothing.
The gateway under test trusts the proxy on loopback and takes the address from X-Forwarded-For.

An account of the engine `web` would connect to WhatsApp itself, which no test does. The generator picks it as a valid
word, so each such call asks for the sandbox instead.
"""

import itertools
import threading

import schemathesis
from hypothesis import strategies
from schemathesis.core.failures import AcceptedNegativeData
from schemathesis.openapi.checks import RejectedPositiveData

PERSONS = ["12025550101", "+12025550102", "12025550103@s.whatsapp.net"]
GROUPS = ["120363025246125486@g.us"]
CHANNELS = ["120363144038483540@newsletter"]
FORMATS = {
    "person-address": PERSONS,
    "mention-address": PERSONS + ["@everyone"],
    "group-address": GROUPS,
    "channel-address": CHANNELS,
    "chat-address": PERSONS + GROUPS,
    "latitude": ["-90", "-6.2", "0", "1e-05", "90"],
    "longitude": ["-180", "106.8", "0", "1.5E1", "180"],
}

_numbers = itertools.count(1)
_lock = threading.Lock()

for name, texts in FORMATS.items():
    schemathesis.openapi.format(name, strategies.sampled_from(texts))


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


def _fields(case) -> dict:
    """Returns the schemas of the body's fields, by name."""
    for body in case.operation.body:
        if body.media_type == case.media_type:
            return body.optimized_schema.get("properties", {})
    return {}


def _refused(response) -> tuple[str, str]:
    """Returns the code and the message of a refusal."""
    try:
        reply = response.json()
        return reply["code"], reply["message"]
    except (ValueError, KeyError, TypeError):
        return "", ""


@schemathesis.hook
def filter_failure(context, failure, case, response) -> bool:
    """Keeps a failure, unless the description cannot say what makes the data good or bad."""
    if isinstance(failure, RejectedPositiveData):
        code, message = _refused(response)
        if code and code != "VALIDATION_ERROR":
            # The data is as described. WhatsApp, or the state of the account, does not allow the operation.
            return False
        named = {part.split(": ")[0] for part in message.split("; ")}
        # No schema says which bytes are a picture, that a file or its URL is given, or that a URL leads to a file.
        files = {name for name, schema in _fields(case).items() if schema.get("format") == "binary"}
        return not named <= files | {name + "_url" for name in files}
    if isinstance(failure, AcceptedNegativeData):
        return True
    return True
