// The verifiers of webhooks that npm has, each on deliveries of the gateway.
// Usage: node verifiers.js standardwebhooks | svix
import * as standardwebhooks from "standardwebhooks";
import * as svix from "svix";
import {PASSWORD, SECRET, URL_, USER, call, expect, receiver} from "./walk.js";

const library = {standardwebhooks, svix}[process.argv[2]];
const verifier = new library.Webhook(SECRET);
const device = process.argv[2] + "-node";

async function ask(method, path, body) {
    const headers = {Authorization: "Basic " + Buffer.from(`${USER}:${PASSWORD}`).toString("base64")};
    if (body) headers["Content-Type"] = "application/json";
    const answer = await fetch(URL_ + path, {method, headers, body: body && JSON.stringify(body)});
    const read = await answer.json();
    expect(answer.status === 200, read);
    return read.results;
}

function refuses(headers, body) {
    try {
        verifier.verify(body, headers);
    } catch (refused) {
        if (refused instanceof library.WebhookVerificationError) return true;
        throw refused;
    }
    return false;
}

let delivery, hook;
const inbox = await receiver();
await call("receive a webhook", async () => {
    await ask("POST", "/devices", {device_id: device});
    await ask("GET", `/devices/${device}/login`);
    await ask("POST", `/sandbox/pair?device_id=${device}`);
    hook = await ask("POST", "/webhooks", {url: inbox.url, secret: SECRET, events: ["message"], device});
    await ask("POST", `/sandbox/inbound?device_id=${device}`, {from: "12025550101", message: "Grüße 👋"});
    delivery = await inbox.next("👋");
});
await call("verify its signature", async () => {
    verifier.verify(delivery.body, delivery.headers);
});
await call("refuse a changed body", async () => {
    expect(refuses(delivery.headers, delivery.body.replace("Grüße", "grüße")), "accepted");
});
await call("refuse an old time", async () => {
    expect(refuses({...delivery.headers, "webhook-timestamp": "1700000000"}, delivery.body), "accepted");
});
await call("verify a test event", async () => {
    await ask("POST", `/webhooks/${hook.id}/test`);
    const {headers, body} = await inbox.next("webhook.ping");
    verifier.verify(body, headers);
});
await call("remove the webhook and the device", async () => {
    await ask("DELETE", `/webhooks/${hook.id}`);
    await ask("DELETE", `/devices/${device}?force=true`);
});
process.exit(0);
