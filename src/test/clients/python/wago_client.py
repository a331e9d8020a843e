"""The PyPI package py-wago, an SDK of go-whatsapp-web-multidevice, on the walk of a user."""

import asyncio
import base64

from py_wago import WagoClient
from py_wago.exceptions import WagoBadRequestError, WagoUnauthorizedError
from walk import CHAT, PASSWORD, PHONE, PICTURE, PICTURE_URL, SECRET, URL, USER, Receiver, call, check_signature, expect

DEVICE = "wago"


async def ask(client, method, path, **options):
    """Does what the SDK has no method for, with its own connection."""
    session = await client._get_session()
    async with session.request(method, URL + path, **options) as answer:
        expect(answer.status == 200, await answer.text())
        return (await answer.json()).get("results")


async def messages(client):
    """Sends each kind of message, reads the chats and changes a message."""
    with call("send a text"):
        sent = await client.send_message(PHONE, "Grüße 👋")
        expect(sent.results.message_id, sent)
    with call("send a picture by file"):
        sent_picture = await client.send_image(PHONE, image=PICTURE, caption="by file", compress=False, view_once=False)
        expect(sent_picture.results.message_id, sent_picture)
    with call("send a picture by address"):
        expect((await client.send_image(PHONE, image_url=PICTURE_URL, caption="by address")).results.message_id, "none")
    with call("send a document"):
        await client.send_file(PHONE, file=b"%PDF-1.4 a file", filename="a b.pdf", caption="a file")
    with call("send contact, link, location and poll"):
        await client.send_contact(PHONE, "Ann", "12025550102")
        await client.send_link(PHONE, "https://example.com/?a=b:c", caption="a link")
        await client.send_location(PHONE, "-6.2", "106.8")
        await client.send_poll(PHONE, "Tea?", ["Yes", "No"], 1)
    with call("set the presence"):
        await client.send_presence("available")
        await client.send_chat_presence(PHONE, "start")
    with call("page through chats"):
        await client.send_message("12025550101", "another chat")
        pages = [await client.list_chats(limit=1, offset=offset) for offset in range(2)]
        found = {page.results.data[0].jid for page in pages}
        expect(found == {CHAT, "12025550101@s.whatsapp.net"} and pages[0].results.pagination.total == 2, pages)
    with call("read messages"):
        read = await client.get_chat_messages(CHAT, start_time="2026-01-02T03:04:05Z", limit=50)
        texts = {message.content for message in read.results.data}
        expect({"Grüße 👋", "by file", "by address"} <= texts, texts)
    with call("choose messages by true and false"):
        own = await client.get_chat_messages(CHAT, is_from_me=True)
        expect(own.results.data, own)
    with call("download a picture"):
        file = await client.download_message_media(sent_picture.results.message_id, PHONE)
        expect(base64.b64decode(file.results.data or "")[:2] == b"\xff\xd8", file)
    with call("react, edit, star and revoke"):
        of = (sent.results.message_id, PHONE)
        await client.react_message(*of, "👍")
        await client.update_message(*of, "Grüße, changed")
        await client.read_message(*of)
        await client.star_message(*of)
        await client.unstar_message(*of)
        await client.revoke_message(*of)


async def people(client):
    """Asks about users, and works with a group."""
    with call("ask about a user"):
        expect((await client.user_check("12025550101")).results.is_on_whatsapp is True, "not on WhatsApp")
        expect((await client.user_check("999")).results.is_on_whatsapp is False, "an impossible number is there")
        await client.user_my_privacy()
        await client.user_my_contacts()
        await client.user_my_newsletters()
        await client.user_business_profile("12025550103")
    with call("read the devices of a user"):
        await client.user_info("12025550101")
    with call("work with a group"):
        made = await client.create_group("Team", ["12025550101"])
        group = made.results.group_id
        await client.set_group_name(group, "Team 2")
        await client.group_info(group)
        await client.get_group_participants(group)
        await client.add_participants_to_group(group, ["12025550102"])
        await client.user_my_groups()
    with call("read the invitation to a group"):
        await client.group_invite_link(group)
    with call("leave a group"):
        await client.leave_group(group)


async def main():
    """Makes a device, logs it in, uses it, and removes it."""
    async with WagoClient(URL, USER, PASSWORD, device_id=DEVICE) as client:
        with call("make a device"):
            made = await client.add_device(DEVICE)
            expect(made.results.id == DEVICE, made)
            expect(DEVICE in {one.id for one in (await client.list_devices()).results}, "not listed")
        with call("log in"):
            login = await client.login_device(DEVICE)
            expect(login.results.qr_link.startswith(URL), login)
            await ask(client, "POST", "/sandbox/pair", params={"device_id": DEVICE})
            expect((await client.app_status()).results.is_logged_in is True, "not logged in")
            expect((await client.get_device_status(DEVICE)).results.is_connected is True, "not connected")
        with call("read the state of a device"):
            expect((await client.get_device(DEVICE)).results.state == "logged_in", await client.get_device(DEVICE))
            await client.app_devices()
            await client.reconnect_device(DEVICE)
        await messages(client)
        await people(client)
        with call("read an error"):
            try:
                await client.send_message(PHONE, "")
            except WagoBadRequestError as refused:
                expect(refused.code == "VALIDATION_ERROR" and "message" in refused.message, repr(refused))
            else:
                expect(False, "accepted")
        with call("be refused with a wrong password"):
            async with WagoClient(URL, "admin", "no") as stranger:
                try:
                    await stranger.list_devices()
                except WagoUnauthorizedError as refused:
                    expect(refused.status == 401 and refused.message, repr(refused))
                else:
                    expect(False, "accepted")
        with call("receive a webhook and verify it"):
            receiver = Receiver()
            body = {"url": receiver.url, "secret": SECRET, "events": ["message"], "device": DEVICE}
            hook = await ask(client, "POST", "/webhooks", json=body)
            inbound = {"from": "12025550101", "message": "a question"}
            await ask(client, "POST", "/sandbox/inbound", json=inbound, params={"device_id": DEVICE})
            check_signature(*await asyncio.to_thread(receiver.next, "a question"))
            await ask(client, "DELETE", f"/webhooks/{hook['id']}")
        with call("log out and remove the device"):
            await client.logout_device(DEVICE)
            await client.remove_device(DEVICE)


asyncio.run(main())
