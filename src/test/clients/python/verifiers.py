"""The verifiers of webhooks that PyPI has, each on deliveries of the gateway.

Usage: verifiers.py standardwebhooks | svix
"""

import requests
import standardwebhooks
import svix.webhooks
from walk import PASSWORD, SECRET, URL, USER, Receiver, call, expect, name

session = requests.Session()
session.auth = (USER, PASSWORD)
device = name() + "-py"
verifier, refusal = {
    "standardwebhooks": (standardwebhooks.Webhook, standardwebhooks.WebhookVerificationError),
    "svix": (svix.webhooks.Webhook, svix.webhooks.WebhookVerificationError),
}[name()]


def post(path, body=None, **query):
    """Returns the results of a POST that must succeed."""
    answer = session.post(URL + path, json=body, params=query, timeout=30)
    expect(answer.status_code == 200, answer.text)
    return answer.json()["results"]


def refused(headers, body):
    """Tells whether the library refuses the delivery."""
    try:
        verifier(SECRET).verify(body, headers)
    except refusal:
        return True
    return False


with call("receive a webhook"):
    post("/devices", {"device_id": device})
    session.get(f"{URL}/devices/{device}/login", timeout=30)
    post("/sandbox/pair", device_id=device)
    receiver = Receiver()
    hook = post("/webhooks", {"url": receiver.url, "secret": SECRET, "events": ["message"], "device": device})
    post("/sandbox/inbound", {"from": "12025550101", "message": "Grüße 👋"}, device_id=device)
    headers, body = receiver.next("👋")
with call("verify its signature"):
    verifier(SECRET).verify(body, headers)
with call("refuse a changed body"):
    expect(refused(headers, body.replace("Grüße".encode(), "grüße".encode())), "accepted")
with call("refuse an old time"):
    expect(refused({**headers, "webhook-timestamp": "1700000000"}, body), "accepted")
with call("verify a test event"):
    post(f"/webhooks/{hook['id']}/test")
    headers, body = receiver.next("webhook.ping")
    verifier(SECRET).verify(body, headers)
with call("remove the webhook and the device"):
    expect(session.delete(f"{URL}/webhooks/{hook['id']}", timeout=30).status_code == 200, "webhook")
    expect(session.delete(f"{URL}/devices/{device}?force=true", timeout=30).status_code == 200, "device")
