// Two HTTP clients of Node on the walk of a user: axios, and the fetch that Node has.
// Usage: node http.js axios | fetch
import {createReadStream} from "node:fs";
import {openAsBlob} from "node:fs";
import axios from "axios";
import FormData from "form-data";
import {CHAT, PASSWORD, PHONE, PICTURE, PICTURE_URL, SECRET, URL_, USER, call, expect, hubSignatureHolds, receiver} from "./walk.js";

const device = process.argv[2];
const credential = "Basic " + Buffer.from(`${USER}:${PASSWORD}`).toString("base64");

/** axios, as n8n and most Node programs use it: it leaves `:` and `/` of a query as they are. */
const withAxios = {
    http: axios.create({baseURL: URL_, auth: {username: USER, password: PASSWORD}, validateStatus: () => true, timeout: 30000}),
    async request(method, path, {query, body} = {}) {
        const answer = await this.http.request({method, url: path, params: query, data: body});
        return {status: answer.status, answer: answer.data};
    },
    async upload(path, query, fields, field) {
        const form = new FormData();
        for (const key in fields) form.append(key, fields[key]);
        form.append(field, createReadStream(PICTURE));
        const answer = await this.http.post(path, form, {params: query, headers: form.getHeaders()});
        return {status: answer.status, answer: answer.data};
    },
    async raw(path) {
        const answer = await this.http.get(path, {responseType: "arraybuffer"});
        return {status: answer.status, body: Buffer.from(answer.data)};
    },
    async status(path, auth) {
        return (await this.http.get(path, {auth})).status;
    },
};

/** The fetch of Node, with its own FormData. */
const withFetch = {
    async ask(method, path, {query, body, headers, authorization = credential} = {}) {
        const address = new URL(URL_ + path);
        for (const key in query) address.searchParams.set(key, query[key]);
        return fetch(address, {method, body, headers: {Authorization: authorization, ...headers}});
    },
    async request(method, path, {query, body} = {}) {
        const headers = body ? {"Content-Type": "application/json"} : {};
        const answer = await this.ask(method, path, {query, body: body && JSON.stringify(body), headers});
        return {status: answer.status, answer: await answer.json()};
    },
    async upload(path, query, fields, field) {
        const form = new globalThis.FormData();
        for (const key in fields) form.append(key, fields[key]);
        form.append(field, await openAsBlob(PICTURE, {type: "image/png"}), "Grüße.png");
        const answer = await this.ask("POST", path, {query, body: form});
        return {status: answer.status, answer: await answer.json()};
    },
    async raw(path) {
        const answer = await this.ask("GET", path);
        return {status: answer.status, body: Buffer.from(await answer.arrayBuffer())};
    },
    async status(path, {username, password}) {
        const authorization = "Basic " + Buffer.from(`${username}:${password}`).toString("base64");
        const answer = await this.ask("GET", path, {authorization});
        await answer.text();
        return answer.status;
    },
};

const client = {axios: withAxios, fetch: withFetch}[device];

function results({status, answer}) {
    expect(status === 200 && answer.code === "SUCCESS", {status, answer});
    return answer.results;
}
const get = async (path, query) => results(await client.request("GET", path, {query: {device_id: device, ...query}}));
const post = async (path, body) => results(await client.request("POST", path, {query: {device_id: device}, body}));

await call("make a device", async () => {
    const made = results(await client.request("POST", "/devices", {body: {device_id: device}}));
    expect(made.id === device, made);
});
await call("log in", async () => {
    expect((await get("/app/login")).qr_link.startsWith(URL_), "qr_link is elsewhere");
    await post("/sandbox/pair");
    expect((await get("/app/status")).is_logged_in === true, "not logged in");
});
await call("send a text", async () => {
    expect((await post("/send/message", {phone: PHONE, message: "Grüße & 100 % 👋"})).message_id, "no message_id");
});
await call("send a picture by file", async () => {
    const fields = {phone: PHONE, caption: "Grüße", view_once: "false", compress: "false"};
    expect(results(await client.upload("/send/image", {device_id: device}, fields, "image")).message_id, "no message_id");
});
await call("send a picture by address", async () => {
    const body = {phone: PHONE, image_url: PICTURE_URL, caption: "by address"};
    expect((await post("/send/image", body)).message_id, "no message_id");
});
await call("page through chats", async () => {
    await post("/send/message", {phone: "12025550101", message: "another chat"});
    const pages = [await get("/chats", {limit: 1, offset: 0}), await get("/chats", {limit: 1, offset: 1})];
    const found = pages.map(page => page.data[0].jid).sort();
    expect(found.join() === "12025550101@s.whatsapp.net," + CHAT && pages[0].pagination.total === 2, pages);
});
let messages = [];
await call("read messages", async () => {
    messages = (await get(`/chat/${CHAT}/messages`, {start_time: "2026-01-02T03:04:05Z", limit: 10})).data;
    for (const text of ["Grüße & 100 % 👋", "Grüße", "by address"]) {
        expect(messages.some(message => message.content === text), {text, messages});
    }
});
await call("download a picture", async () => {
    const picture = messages.find(message => message.media_type === "image");
    const file = await get(`/message/${picture.id}/download`, {phone: PHONE});
    const {status, body} = await client.raw("/" + file.file_path);
    expect(status === 200 && body.length === file.file_size && body.readUInt16BE(0) === 0xffd8, {status});
});
await call("read an error", async () => {
    const {status, answer} = await client.request("POST", "/send/message", {query: {device_id: device}, body: {}});
    expect(status === 400 && answer.code === "VALIDATION_ERROR", {status, answer});
    expect(answer.message.includes("phone") && answer.message.includes("message"), answer);
});
await call("read an error of a path", async () => {
    const {status, answer} = await client.request("GET", "/no/such/path");
    expect(status === 404 && answer.code && answer.message, {status, answer});
});
await call("be refused with a wrong password", async () => {
    expect((await client.status("/devices", {username: "admin", password: "no"})) === 401, "not 401");
});
await call("receive a webhook and verify it", async () => {
    const inbox = await receiver();
    const hook = await post("/webhooks", {url: inbox.url, secret: SECRET, events: ["message"], device});
    await post("/sandbox/inbound", {from: "12025550101", message: "a question from outside"});
    const {headers, body} = await inbox.next("a question from outside");
    expect(hubSignatureHolds(headers, body), "the signature is wrong");
    expect(!hubSignatureHolds(headers, body + " "), "the signature of a changed body is right");
    results(await client.request("DELETE", `/webhooks/${hook.id}`));
    inbox.close();
});
await call("remove the device", async () => {
    results(await client.request("DELETE", `/devices/${device}`, {query: {force: "true"}}));
});
process.exit(0);
