"""Hooks of the schemathesis run: where a call comes from, what a format means, and which failures do not count.

The gateway makes an address wait after failed logins. The check `ignored_auth` sends wrong credentials on purpose,
so that without addresses of their own the calls behind it would all be refused with 429 and test nothing.
The gateway under test trusts the proxy on loopback and takes the address from X-Forwarded-For.

An account of the engine `web` would connect to WhatsApp itself, which no test does. The generator picks it as a valid
word, so each such call asks for the sandbox instead.

The run makes further accounts. A call that names no account gets the paired one, and no call ends its pairing, bans it
or lets its sends fail. Otherwise all that comes after would be refused, and test nothing.

Each failure that does not count has its reason in REASONS. The run counts them by reason, with one example of each
operation, in the file that SCHEMATHESIS_EXCUSED names.
"""

import atexit
import collections
import itertools
import json
import os
import re
import threading

import schemathesis
from hypothesis import strategies
from schemathesis.core.failures import AcceptedNegativeData
from schemathesis.openapi.checks import IgnoredAuth, RejectedPositiveData

PERSONS = ["12025550101", "+12025550102", "12025550103@s.whatsapp.net"]
# A group that the run made before; without one, the one of the description's examples.
GROUPS = [os.environ.get("SCHEMATHESIS_GROUP") or "120363025246125486@g.us"]
CHANNELS = ["120363144038483540@newsletter"]
FORMATS = {
    "person-address": PERSONS,
    "mention-address": [*PERSONS, "@everyone"],
    "group-address": GROUPS,
    "channel-address": CHANNELS,
    "chat-address": PERSONS + GROUPS,
    "latitude": ["-90", "-6.2", "0", "1e-05", "90"],
    "longitude": ["-180", "106.8", "0", "1.5E1", "180"],
    "proxy-address": ["", "http://proxy.example:3128", "http://user:password@proxy.example:3128"],
    "webhook-url": ["", "https://receiver.example/hook"],
    "webhook-secret": ["4f1c7a0d9b2e48f6a3c5d7e9f1b3a5c7", "whsec_" + "c2VjcmV0LW9mLWEtdGVzdC1ydW4tMDE="],
    "event-name": ["message", "message.ack", "call.offer"],
    "event-list": ["", "message", "message,message.ack"],
    "ignored-address": ["6281234567890@s.whatsapp.net", "@g.us", "@lid"],
    "account-id": [""],
    "password": ["wharf-lantern-oblique-71-tundra", "mosaic-pelican-quartz-19-ember"],
    "base64url": ["XcnXe2W9me1XZTGii6JI9A"],
}

REASONS = {
    "format": "The text has a format that no schema can express, and is none of the texts known to be valid.",
    "file": "No schema says which bytes are a picture, that a file or its URL is given, or that a URL leads to a file.",
    "account": "The data is as described. WhatsApp, or the state of the account, does not allow the operation.",
    "clock": "No schema says what time it is.",
    "pair": "OpenAPI cannot say that two fields must agree, exclude each other, or that one of them is needed.",
    "kind": "Which other fields a kind of message needs is in the description's words only; the sandbox is for tests.",
    "address": "An address has no dot between slashes, no semicolon and no NUL, whatever stands there.",
    "key": "The generator gave an Idempotency-Key again, with another body.",
    "characters": "No schema says that a text has no NUL, no control character, no broken UTF-8, and not blanks alone.",
    "headers": "The run sends its own credentials. An operation without an account does not look at X-Device-Id.",
    "part": "The generator gave a part of a form a name that is blank or longer than any field's.",
    "form": "Forms and queries have texts only: an empty one was left out, and 1, t or on are truth values.",
    "null": "The description's first part says it of all: null stands for a missing field.",
    "number": "A number beyond all deliveries means the newest one, also where it has more than 64 bits.",
    "short": "A run of up to 100 seconds judges data by examples and coverage alone, which are always the same.",
    "busy": "A login that cannot be checked in time is answered by 503: nothing is served.",
}
REFUSALS_OF_AN_ACCOUNT = {"ALREADY_LOGGED_IN", "DEVICE_ID_REQUIRED", "INVALID_JID", "WINDOW_CLOSED"}
# By the reason, the words of a sentence about a field.
SENTENCES = {
    "pair": (
        "before: cannot be combined with offset",
        "device_id: and the header X-Device-Id name different devices",
        "since: or status must be given",
        "id: must be the same as rawId",
        "webhook_url: must be given where",
        "webhook_secret: must be given",
        "max_answer: must be a whole number from 1 to",
    ),
    "account": ("name: There is a user", "proxy: is for accounts of the engine web"),
    "clock": ("not_after: The token would have ended already",),
    "characters": ("must hold characters only", "device_id: must be 1 to 64 characters"),
}
UNKNOWN = ": is not a field of this operation"
# By its beginning, the reason of a message about a whole request.
REQUESTS = {"The address has": "address", "A part of the form has no name.": "part"}
# Whether the random phases judge data, too.
RANDOM_JUDGED = os.environ.get("SCHEMATHESIS_RANDOM") == "judged"
ACCOUNT = "default"
ENDS_OF_AN_ACCOUNT = {"removeDevice", "logoutDevice", "changeDeviceEngine"}
KINDS = re.compile(r"/sandbox/(inbound|newsletter|label)")
TRUTH_IN_FORMS = {"true", "True", "TRUE", "t", "T", "1", "on", "false", "False", "FALSE", "f", "F", "0", "off"}

_numbers = itertools.count(1)
_lock = threading.Lock()
_excused = collections.Counter()
_statuses = collections.Counter()
_examples = {}

for name, texts in FORMATS.items():
    schemathesis.openapi.format(name, strategies.sampled_from(texts))


def _address() -> str:
    with _lock:
        number = next(_numbers)
    return f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"


@schemathesis.hook
def before_call(context, case, kwargs):
    """Sets the address from which the call seems to come, and what keeps the paired account as it is."""
    if case.headers is not None:
        case.headers["X-Forwarded-For"] = _address()
        if not case.headers.get("X-Device-Id") and not (case.query or {}).get("device_id"):
            case.headers["X-Device-Id"] = ACCOUNT
    if isinstance(case.body, dict):
        if case.body.get("engine") == "web":
            case.body["engine"] = "sandbox"
        if case.operation.path == "/sandbox/ban" and case.body.get("banned") is True:
            case.body["banned"] = False
        if case.operation.path == "/sandbox/fail" and isinstance(case.body.get("sends"), int):
            case.body["sends"] = min(case.body["sends"], 0)
    ends = case.operation.definition.raw.get("operationId") in ENDS_OF_AN_ACCOUNT
    if ends and case.path_parameters.get("device_id") == ACCOUNT:
        case.path_parameters["device_id"] = "another"


@schemathesis.hook
def after_call(context, case, response):
    """Counts the replies by their status."""
    with _lock:
        _statuses[str(response.status_code)] += 1


def _schemas(case) -> dict:
    """Returns the schemas of the body's fields and of the parameters, by name."""
    schemas = {}
    for body in case.operation.body:
        if body.media_type == case.media_type:
            schemas.update(body.optimized_schema.get("properties", {}))
    for parameters in (case.operation.query, case.operation.path_parameters):
        for parameter in parameters:
            schemas[parameter.name] = parameter.optimized_schema
    return schemas


def _values(case) -> dict:
    """Returns the values that were sent, by name."""
    values = {**(case.path_parameters or {}), **(case.query or {})}
    if isinstance(case.body, dict):
        values.update(case.body)
    return values


def _sent(case, name: str):
    """Returns what was sent as a field; the name of a member is «field.member»."""
    value = _values(case)
    for part in name.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    return value


def _is_blank(value) -> bool:
    """Returns whether a value is a text of blanks alone. The description says which fields are needed."""
    return isinstance(value, str) and not value.strip()


def _refusal(response) -> tuple[str, str]:
    """Returns the code and the message of a refusal."""
    try:
        reply = response.json()
        return reply["code"], reply["message"]
    except (ValueError, KeyError, TypeError):
        return "", ""


def _sentences(message: str) -> dict:
    """Returns the sentence about each known field that a refusal names. Unknown ones come last, and are no fault."""
    if UNKNOWN in message:
        message = message.split(UNKNOWN, maxsplit=1)[0].rpartition("; ")[0]
    parts = re.split(r"; (?=[A-Za-z_.]+: )", message)
    return {part.split(": ")[0]: part for part in parts}


def _of_no_format(schema: dict, value) -> bool:
    """Returns whether a value has a format of ours, and is none of the texts that are known to be good."""
    if not isinstance(schema, dict):
        return False
    if isinstance(value, list):
        return any(_of_no_format(schema.get("items", {}), item) for item in value)
    if isinstance(value, dict):
        return any(_of_no_format(schema.get("properties", {}).get(name, {}), item) for name, item in value.items())
    good = FORMATS.get(schema.get("format", ""))
    return good is not None and value not in good


def _why_refused(case, name: str, sentence: str) -> str:
    """Returns the reason why a described value may be refused, or nothing."""
    schemas = _schemas(case)
    field = name.split(".", maxsplit=1)[0]
    schema = schemas.get(field, {})
    if schema.get("format") == "binary" or (name.endswith("_url") and schema.get("format") == "uri"):
        return "file"
    if name == "url" and schema.get("format") == "uri":
        return "format"
    for reason, words in SENTENCES.items():
        if any(these in sentence for these in words):
            return reason
    if "cannot be blank" in sentence and _is_blank(_sent(case, name)):
        return "characters"
    if KINDS.fullmatch(case.operation.path):
        return "kind"
    return "format" if _of_no_format(schema, _values(case).get(field)) else ""


def _reason_of_refusal(case, response) -> str:
    code, message = _refusal(response)
    if code in REFUSALS_OF_AN_ACCOUNT:
        return "account"
    if code == "IDEMPOTENCY_KEY_REUSED":
        return "key"
    if code == "BAD_REQUEST":
        for beginning, reason in REQUESTS.items():
            if message.startswith(beginning):
                return reason
        # What an engine says of its account begins in lower case; what the gateway says of a body does not.
        return "account" if message[:1].islower() else ""
    if code != "VALIDATION_ERROR":
        return ""
    reasons = [_why_refused(case, name, sentence) for name, sentence in _sentences(message).items()]
    return reasons[0] if reasons and all(reasons) else ""


def _nulls(case, broken: set) -> bool:
    """Returns whether all that is wrong are nulls in the place of fields that may be missing."""
    for body in case.operation.body:
        if body.media_type == case.media_type and isinstance(case.body, dict):
            needed = body.optimized_schema.get("required", [])
            return all(field in case.body and case.body[field] is None and field not in needed for field in broken)
    return False


def _reason_of_acceptance(case) -> str:
    """Returns why a value that breaks its schema may be accepted, or nothing."""
    forms = ("application/x-www-form-urlencoded", "multipart/form-data")
    texts = dict(case.query or {})
    if case.media_type in forms and isinstance(case.body, dict):
        texts.update(case.body)
    schemas = _schemas(case)
    mutations = getattr(case.meta.phase.data, "mutations", None) or ()
    broken = {str(mutation.path[0]) if mutation.path else mutation.parameter for mutation in mutations}
    if not broken:
        # «pinned: Incorrect type»
        broken = {(case.meta.phase.data.description or "").split(":")[0]}
    broken -= {"Authorization", "X-Device-Id", "x-Device-Id"}
    if not broken:
        return "headers"
    if case.operation.path == "/webhooks/deliveries" and broken == {"before"} and str(texts.get("before")).isdigit():
        return "number"
    if _nulls(case, broken):
        return "null"
    if case.operation.path == "/tokens" and isinstance(case.body, dict):
        texts["not_after"] = case.body.get("not_after")
    for field, value in texts.items():
        kind = schemas.get(field, {}).get("type")
        if value in ("", [], [""], None) or (kind == "boolean" and str(value) in TRUTH_IN_FORMS):
            broken.discard(field)
    return "" if broken else "form"


def _count(reason: str, case, response) -> None:
    with _lock:
        _excused[reason] += 1
        of_reason = _examples.setdefault(reason, {})
        of_reason.setdefault(f"{case.operation.label} {response.status_code}", " ".join(_refusal(response))[:200])


@atexit.register
def _write() -> None:
    reasons = {name: [REASONS[name], _excused[name], _examples[name]] for name in _excused}
    with open(os.environ["SCHEMATHESIS_EXCUSED"], "w", encoding="utf-8") as file:
        json.dump({"reasons": reasons, "statuses": dict(sorted(_statuses.items()))}, file, indent=2)


@schemathesis.hook
def filter_failure(context, failure, case, response) -> bool:
    """Keeps a failure, unless the description cannot say what makes the data good or bad."""
    if isinstance(failure, RejectedPositiveData):
        reason = _reason_of_refusal(case, response)
    elif isinstance(failure, AcceptedNegativeData):
        reason = _reason_of_acceptance(case)
    elif isinstance(failure, IgnoredAuth):
        # The reply is that of the first call, which had valid credentials; the failure has the other one's.
        reason = "busy" if "`503 Service Unavailable`" in failure.message else ""
    else:
        reason = ""
    of_data = isinstance(failure, (RejectedPositiveData, AcceptedNegativeData))
    if not reason and of_data and not RANDOM_JUDGED and case.meta.phase.name in ("fuzzing", "stateful"):
        reason = "short"
    if reason:
        _count(reason, case, response)
    return not reason
