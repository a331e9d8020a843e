// The report and the receiver that the programs of this folder share.
// Each call prints one line of JSON: {"call": NAME, "error": null or TEXT}. src/test/clients/run.py reads the lines.
import {createHmac, timingSafeEqual} from "node:crypto";
import {createServer} from "node:http";

export const {GATEWAY_URL: URL_, GATEWAY_USER: USER, GATEWAY_PASSWORD: PASSWORD, WEBHOOK_SECRET: SECRET, PICTURE, PICTURE_URL} =
    process.env;
export const PHONE = "6281234567890";
export const CHAT = PHONE + "@s.whatsapp.net";

export function expect(holds, what) {
    if (!holds) throw new Error(String(typeof what === "string" ? what : JSON.stringify(what)).slice(0, 600));
}

/** Reports one call: well when `block` ends, wrong when it throws. */
export async function call(name, block) {
    let error = null;
    try {
        await block();
    } catch (wrong) {
        error = `${wrong.name}: ${wrong.message}${wrong.response ? " " + JSON.stringify(wrong.response.data) : ""}`.slice(0, 900);
    }
    console.log(JSON.stringify({call: name, error}));
}

/** A receiver of webhooks on loopback. next(text) gives headers and body of the delivery whose body has the text. */
export async function receiver() {
    const kept = [];
    const server = createServer((request, response) => {
        const chunks = [];
        request.on("data", chunk => chunks.push(chunk));
        request.on("end", () => {
            kept.push({headers: request.headers, body: Buffer.concat(chunks).toString()});
            response.writeHead(200).end();
        });
    });
    await new Promise(ready => server.listen(0, "127.0.0.1", ready));
    return {
        url: `http://127.0.0.1:${server.address().port}/hook`,
        close: () => server.closeAllConnections() ?? server.close(),
        async next(text) {
            for (let tries = 0; tries < 150; tries++) {
                const found = kept.find(delivery => delivery.body.includes(text));
                if (found) return found;
                await new Promise(later => setTimeout(later, 100));
            }
            throw new Error("no webhook came");
        },
    };
}

/** Tells whether X-Hub-Signature-256 is the HMAC of the body. */
export function hubSignatureHolds(headers, body) {
    const wanted = "sha256=" + createHmac("sha256", SECRET).update(body).digest("hex");
    const given = headers["x-hub-signature-256"];
    return wanted.length === given.length && timingSafeEqual(Buffer.from(wanted), Buffer.from(given));
}
