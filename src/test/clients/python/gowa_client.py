"""The PyPI package gowa, an SDK of go-whatsapp-web-multidevice, on the walk of a user."""

import asyncio
from datetime import UTC, datetime

import httpx
from gowa_sdk import GoWaClient
from gowa_sdk import models as m
from gowa_sdk.webhooks import WebhookEnvelope, WebhookMessagePayload
from walk import CHAT, PASSWORD, PHONE, PICTURE, PICTURE_URL, SECRET, URL, USER, Receiver, call, check_signature, expect


async def ask(client, method, path, **options):
    """Does what the SDK has no method for, with its own connection."""
    answer = await client.client.request(method, path, **options)
    expect(answer.status_code == 200, answer.text)
    return answer.json().get("results")


async def messages(client):
    """Sends each kind of message, reads the chats and changes a message."""
    with call("send a text"):
        sent = await client.send_message(
            m.SendMessageRequest(phone=PHONE, message="Grüße 👋", mentions=["12025550101"])
        )
        expect(sent.code == "SUCCESS" and sent.results.message_id, sent)
    with call("send a picture by file"):
        picture = m.SendImageRequest(phone=PHONE, caption="by file", view_once=False, compress=True)
        sent_picture = await client.send_image(picture, PICTURE.read_bytes(), filename=PICTURE.name)
        expect(sent_picture.results.message_id, sent_picture)
    with call("send a picture by address"):
        picture = m.SendImageRequest(phone=PHONE, caption="by address", image_url=PICTURE_URL)
        expect((await client.send_image(picture)).results.message_id, "no message_id")
    with call("send a document"):
        await client.send_file(m.SendFileRequest(phone=PHONE, caption="a file"), b"%PDF-1.4 a file", filename="a b.pdf")
    with call("send contact, link, location and poll"):
        await client.send_contact(m.SendContactRequest(phone=PHONE, contact_name="Ann", contact_phone="12025550102"))
        await client.send_link(m.SendLinkRequest(phone=PHONE, link="https://example.com/?a=b:c", caption="a link"))
        await client.send_location(m.SendLocationRequest(phone=PHONE, latitude=1e-05, longitude=-122.4))
        await client.send_poll(m.SendPollRequest(phone=PHONE, question="Tea?", options=["Yes", "No"], max_answer=1))
    with call("set the presence"):
        await client.send_presence(m.SendPresenceRequest(type="available"))
        await client.send_chat_presence(m.SendChatPresenceRequest(phone=PHONE, action="start"))
    with call("page through chats"):
        await client.send_message(m.SendMessageRequest(phone="12025550101", message="another chat"))
        pages = [await client.list_chats(params=m.ListChatsParams(limit=1, offset=offset)) for offset in range(2)]
        found = {page.results["data"][0]["jid"] for page in pages}
        expect(found == {CHAT, "12025550101@s.whatsapp.net"}, found)
    with call("read messages"):
        since = m.ChatMessagesParams(start_time=datetime(2026, 1, 2, tzinfo=UTC), limit=50, is_from_me=True)
        read = await client.get_chat_messages(CHAT, params=since)
        texts = {message["content"] for message in read.results["data"]}
        expect({"Grüße 👋", "by file", "by address"} <= texts, texts)
    with call("download a picture"):
        body = await client.download_message_media(sent_picture.results.message_id, PHONE)
        expect(b"file_path" in body, body[:200])
    with call("react, edit, star and revoke"):
        of = (sent.results.message_id, PHONE)
        await client.react_to_message(*of, "👍")
        await client.update_message(*of, "Grüße, changed")
        await client.star_message(*of)
        await client.unstar_message(*of)
        await client.revoke_message(*of)
    with call("pin and archive a chat"):
        await client.pin_chat(CHAT, m.PinChatRequest(pinned=True))
        await client.archive_chat(CHAT, m.ArchiveChatRequest(archived=True))
        await client.set_chat_disappearing(CHAT, m.SetDisappearingTimerRequest(timer_seconds=86400))
    with call("label a chat"):
        await client.label_chat(CHAT, m.LabelChatRequest(label_id="1", label_name="New", labeled=True))


async def people(client):
    """Asks about users, and works with a group."""
    with call("ask about a user"):
        expect((await client.check_user("12025550101")).results["is_on_whatsapp"] is True, "not on WhatsApp")
        expect((await client.check_user("999")).results["is_on_whatsapp"] is False, "an impossible number is there")
        await client.get_user_contacts()
        await client.get_user_newsletters()
    with call("read the devices of a user"):
        await client.get_user_info("12025550101")
    with call("work with a group"):
        made = await client.create_group(m.CreateGroupRequest(title="Team", participants=["12025550101"]))
        group = made.results.group_id
        await client.set_group_name(m.GroupNameRequest(group_id=group, name="Team 2"))
        await client.get_group_info(group)
        await client.get_group_invite_link(group)
        await client.add_participants(m.ManageParticipantRequest(group_id=group, participants=["12025550102"]))
        listed = await client.get_user_groups()
        expect(any(one.jid == group for one in listed.results.data), listed)
    with call("read the participants of a group"):
        await client.get_group_participants(group)
    with call("leave a group"):
        await client.leave_group(group)


async def main():
    """Makes a device, logs it in, uses it, and removes it."""
    async with GoWaClient(URL, USER, PASSWORD) as client:
        with call("make a device"):
            made = await client.create_device(m.DeviceCreateRequest(name="gowa", description="made by the SDK"))
            device = made.results["id"]
            client.with_device(device)
            expect(any(one.id == device for one in (await client.list_devices()).results), "not listed")
        with call("log in"):
            login = await client.device_login_qr(device)
            expect(login.results["qr_link"].startswith(URL), login)
            await ask(client, "POST", "/sandbox/pair", params={"device_id": device})
            status = await client.get_status()
            expect(status.results["is_logged_in"] is True, status)
        with call("read the state of a device"):
            expect((await client.device_status(device)).code == "SUCCESS", "no state")
            await client.get_devices()
            await client.device_reconnect(device)
        await messages(client)
        await people(client)
        with call("read an error"):
            try:
                await client.send_message(m.SendMessageRequest(phone=PHONE, message=""))
            except httpx.HTTPStatusError as refused:
                expect(refused.response.status_code == 400 and "VALIDATION_ERROR" in str(refused), refused)
            else:
                expect(False, "accepted")
        with call("receive a webhook, verify and read it"):
            receiver = Receiver()
            body = {"url": receiver.url, "secret": SECRET, "dialect": "v8", "events": ["message"], "device": device}
            hook = await ask(client, "POST", "/webhooks", json=body)
            inbound = {"from": "12025550101", "message": "a question"}
            await ask(client, "POST", "/sandbox/inbound", json=inbound, params={"device_id": device})
            headers, body = await asyncio.to_thread(receiver.next, "a question")
            check_signature(headers, body)
            event = WebhookEnvelope.model_validate_json(body)
            message = event.parse_payload(WebhookMessagePayload)
            expect(event.event == "message" and message.text == "a question" and message.from_, event)
            await ask(client, "DELETE", f"/webhooks/{hook['id']}")
        with call("log out and remove the device"):
            await client.device_logout(device)
            await client.delete_device(device)


asyncio.run(main())
