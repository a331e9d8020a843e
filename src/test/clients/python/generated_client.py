"""A client that the PyPI package openapi-python-client made from openapi.yaml, on the walk of a user."""

import io
from http import HTTPStatus

from generated import AuthenticatedClient
from generated.api.app import app_login, app_status
from generated.api.chat import get_chat_messages, list_chats
from generated.api.device import list_devices, remove_device
from generated.api.sandbox import sandbox_pair
from generated.api.send import send_file, send_image, send_message
from generated.api.webhook import add_webhook, remove_webhook
from generated.models import AddWebhook, Problem, SendFile, SendImage, SendMessage
from generated.types import File
from walk import CHAT, PASSWORD, PHONE, PICTURE, SECRET, URL, USER, call, expect

DEVICE = "generated"


def results(answer):
    """Returns the results of an answer that must be a success."""
    expect(answer.status_code == HTTPStatus.OK, answer.content[:300])
    return answer.parsed.results


client = AuthenticatedClient(base_url=URL, token="", prefix="Basic").with_timeout(30)
client.get_httpx_client().auth = (USER, PASSWORD)

with call("make a device by its own method"):
    from generated.api.device import add_device
    from generated.models import AddDevice

    results(add_device.sync_detailed(client=client, body=AddDevice(device_id=DEVICE + "-2")))
with call("make a device"):
    client.get_httpx_client().post("/devices", json={"device_id": DEVICE}).raise_for_status()
    expect(any(one.id == DEVICE for one in results(list_devices.sync_detailed(client=client))), "not listed")
with call("log in"):
    results(app_login.sync_detailed(client=client, device_id=DEVICE))
    results(sandbox_pair.sync_detailed(client=client, device_id=DEVICE))
    expect(results(app_status.sync_detailed(client=client, device_id=DEVICE)).is_logged_in is True, "not logged in")
with call("send a text"):
    body = SendMessage(phone=PHONE, message="Grüße 👋", mentions=["12025550101"])
    expect(results(send_message.sync_detailed(client=client, device_id=DEVICE, body=body)).message_id, "no message_id")
with call("send a picture by file"):
    file = File(io.BytesIO(PICTURE.read_bytes()), "picture.png", "image/png")
    body = SendImage(phone=PHONE, image=file, caption="by file", view_once=False, compress=True)
    expect(results(send_image.sync_detailed(client=client, device_id=DEVICE, body=body)).message_id, "no message_id")
with call("send a document"):
    file = File(io.BytesIO(b"%PDF-1.4 a file"), "a b.pdf", "application/pdf")
    results(send_file.sync_detailed(client=client, device_id=DEVICE, body=SendFile(phone=PHONE, file=file)))
with call("page through chats"):
    body = SendMessage(phone="12025550101", message="another chat")
    results(send_message.sync_detailed(client=client, device_id=DEVICE, body=body))
    found = set()
    for offset in range(2):
        page = results(list_chats.sync_detailed(client=client, device_id=DEVICE, limit=1, offset=offset))
        found |= {chat.jid for chat in page.data}
    expect(found == {CHAT, "12025550101@s.whatsapp.net"} and page.pagination.total == 2, found)
with call("read messages"):
    page = results(get_chat_messages.sync_detailed(CHAT, client=client, device_id=DEVICE, limit=10))
    texts = {message.content for message in page.data}
    expect({"Grüße 👋", "by file"} <= texts, texts)
with call("read an error"):
    body = SendMessage(phone=PHONE, message="")
    answer = send_message.sync_detailed(client=client, device_id=DEVICE, body=body)
    expect(answer.status_code == HTTPStatus.BAD_REQUEST and isinstance(answer.parsed, Problem), answer)
    expect(answer.parsed.code == "VALIDATION_ERROR" and "message" in answer.parsed.message, answer.parsed)
with call("add and remove a webhook"):
    body = AddWebhook(url="http://127.0.0.1:1999/hook", secret=SECRET, device=DEVICE)
    hook = results(add_webhook.sync_detailed(client=client, body=body))
    expect(hook.id and hook.enabled, hook)
    expect(remove_webhook.sync_detailed(hook.id, client=client).status_code == HTTPStatus.OK, "not removed")
with call("remove the device"):
    answer = remove_device.sync_detailed(DEVICE, client=client, force=True)
    expect(answer.status_code == HTTPStatus.OK, answer.content)
