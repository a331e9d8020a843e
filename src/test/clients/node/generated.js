// A client that openapi-generator made from openapi.yaml in TypeScript, on the walk of a user.
// Usage: node generated.js
import {openAsBlob} from "node:fs";
import * as generated from "./generated/index.js";
import {CHAT, PASSWORD, PHONE, PICTURE, SECRET, URL_, USER, call, expect} from "./walk.js";

const deviceId = "typescript";
const configuration = new generated.Configuration({basePath: URL_, username: USER, password: PASSWORD});
const [app, chat, device, sandbox, send, webhook] = ["App", "Chat", "Device", "Sandbox", "Send", "Webhook"].map(
    name => new generated[name + "Api"](configuration),
);

await call("make a device", async () => {
    const made = await device.addDevice({addDevice: {deviceId}});
    expect(made.results.id === deviceId, made);
    expect((await device.listDevices()).results.some(one => one.id === deviceId), "not listed");
});
await call("log in", async () => {
    expect((await app.appLogin({deviceId})).results.qrLink.startsWith(URL_), "qr_link is elsewhere");
    await sandbox.sandboxPair({deviceId});
    expect((await app.appStatus({deviceId})).results.isLoggedIn === true, "not logged in");
});
await call("send a text", async () => {
    const sendMessage = {phone: PHONE, message: "Grüße 👋", mentions: ["12025550101"]};
    expect((await send.sendMessage({deviceId, sendMessage})).results.messageId, "no message_id");
});
await call("send a picture by file", async () => {
    const image = new File([await openAsBlob(PICTURE)], "picture.png", {type: "image/png"});
    const sent = await send.sendImage({deviceId, phone: PHONE, image, caption: "by file", viewOnce: false, compress: true});
    expect(sent.results.messageId, sent);
});
await call("send a document", async () => {
    const file = new File(["%PDF-1.4 a file"], "a b.pdf", {type: "application/pdf"});
    expect((await send.sendFile({deviceId, phone: PHONE, file})).results.messageId, "no message_id");
});
await call("page through chats", async () => {
    await send.sendMessage({deviceId, sendMessage: {phone: "12025550101", message: "another chat"}});
    const pages = [await chat.listChats({deviceId, limit: 1, offset: 0}), await chat.listChats({deviceId, limit: 1, offset: 1})];
    const found = pages.map(page => page.results.data[0].jid).sort();
    expect(found.join() === "12025550101@s.whatsapp.net," + CHAT && pages[0].results.pagination.total === 2, pages);
});
await call("read messages", async () => {
    const startTime = new Date("2026-01-02T03:04:05Z");
    const {data} = (await chat.getChatMessages({deviceId, chatJid: CHAT, startTime, limit: 10})).results;
    for (const text of ["Grüße 👋", "by file"]) expect(data.some(message => message.content === text), {text, data});
});
await call("read an error", async () => {
    try {
        await send.sendMessage({deviceId, sendMessage: {phone: PHONE, message: ""}});
    } catch (refused) {
        const problem = await refused.response.json();
        expect(refused instanceof generated.ResponseError && problem.code === "VALIDATION_ERROR", problem);
        return;
    }
    expect(false, "accepted");
});
await call("add and remove a webhook", async () => {
    const addWebhook = {url: "http://127.0.0.1:1999/hook", secret: SECRET, device: deviceId};
    const hook = await webhook.addWebhook({addWebhook});
    expect(hook.results.id && hook.results.enabled, hook);
    await webhook.removeWebhook({id: hook.results.id});
});
await call("remove the device", async () => {
    await device.removeDevice({deviceId, force: true});
});
