// A driver for unmodified Baileys: commands come as JSON lines on the standard input, what happens goes as JSON lines to the standard
// output. It speaks to the twin alone; each request's host is replaced by the twin's.
//
// Usage: node main.js WS_URL MEDIA_URL ROOT_KEY_HEX FOLDER, or: node main.js nodes (see nodes.js)
// Commands: {"do":"qr"} {"do":"code","number":"…"} {"do":"connect"} {"do":"send","to":"…","text":"…"} {"do":"logout"} {"do":"exit"}
// {"do":"reply","to":"…","id":"…","quoted":"…","text":"…"} {"do":"react","to":"…","id":"…","text":"…"}
// {"do":"edit","to":"…","id":"…","text":"…"} {"do":"revoke","to":"…","id":"…"} {"do":"read","to":"…","id":"…"}
// {"do":"forget"} deletes every Signal session, as a restored backup lacks them.
// {"do":"image","to":"…","text":"hex of the file"} uploads and sends; an image that comes in is downloaded and told as its hex.
import * as baileys from 'baileys'
import { verify } from 'curve25519-js'
import { readdirSync, rmSync } from 'node:fs'
import { Agent } from 'node:https'
import { connect as open } from 'node:net'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { decodeNodes } from './nodes.js'

const [webSocket, media, root, folder] = process.argv.slice(2)
if (webSocket === 'nodes') {
    await decodeNodes()
    process.exit(0)
}
if (!folder) {
    console.error('usage: node main.js WS_URL MEDIA_URL ROOT_KEY_HEX FOLDER')
    process.exit(2)
}
console.log = console.info = console.error

const tell = (event, fields = {}) => process.stdout.write(JSON.stringify({ ...fields, event }) + '\n')
const failed = (what, error) => tell('error', { what, error: String(error?.message ?? error) })
process.on('unhandledRejection', error => console.error('unhandled', error))

// The strict switch: by itself this release's Curve.verify answers true for every signature.
const untyped = key => key.length === 33 ? key.subarray(1) : key
baileys.Curve.verify = (key, message, signature) => verify(untyped(key), message, signature)
baileys.WA_CERT_DETAILS.PUBLIC_KEY = Buffer.from(root, 'hex')

// Media goes to the twin: uploads by an agent that opens plain connections to it, downloads by a fetch that does.
const mediaUrl = new URL(media)
const toTwin = new Agent({ keepAlive: false })
toTwin.createConnection = () => open(Number(mediaUrl.port), mediaUrl.hostname)
const fetchWorld = globalThis.fetch
globalThis.fetch = (address, options) => {
    const asked = new URL(address)
    return fetchWorld(new URL(asked.pathname + asked.search, mediaUrl), { ...options, dispatcher: undefined })
}

const level = name => (fields, text) =>
    process.stderr.write(`${name} ${text ?? ''} ${typeof fields === 'string' ? fields : JSON.stringify(fields, plain)}\n`)
const plain = (_, value) => value instanceof Error ? value.stack : value
const logger = { level: 'debug', child: () => logger }
for (const name of ['trace', 'debug', 'info', 'warn', 'error', 'fatal']) logger[name] = name === 'trace' ? () => {} : level(name)

const { state, saveCreds } = await baileys.useMultiFileAuthState(folder)
const sent = new Map()
let socket
let pairing = false
let wanted = true

/** A message for a device that asks again. The question may come before sendMessage has given the message back. */
async function whatWasSent(id) {
    for (let i = 0; i < 100 && !sent.has(id); i++) await sleep(20)
    return sent.get(id)
}

/** Opens a connection; the application does that again after each end that is not final. */
function connect() {
    socket = baileys.makeWASocket({
        auth: state, logger, waWebSocketUrl: webSocket, fetchAgent: toTwin,
        browser: baileys.Browsers.ubuntu('Chrome'),
        shouldSyncHistoryMessage: () => false,
        getMessage: key => whatWasSent(key.id),
        appStateMacVerification: { patch: true, snapshot: true }
    })
    const own = socket
    own.ev.on('creds.update', saveCreds)
    own.ev.on('connection.update', async update => {
        if (update.qr && pairing) tell('qr', { kind: 'code', qr: update.qr })
        if (update.qr) offered()
        if (update.isNewLogin) {
            await saveCreds()
            tell('paired', { jid: state.creds.me?.id, lid: state.creds.me?.lid })
        }
        if (update.connection === 'open') tell('connected')
        if (update.connection === 'close' && own === socket) await closed(update.lastDisconnect?.error)
    })
    own.ev.on('messages.upsert', ({ messages }) => messages.forEach(message => received(own, message)))
    own.ev.on('contacts.upsert', contacts => contacts.forEach(contact => tell('contact', { ...contact })))
    own.ev.on('chats.update', chats => chats.filter(chat => chat.muteEndTime !== undefined)
        .forEach(chat => tell('mute', { chat: chat.id, until: String(chat.muteEndTime) })))
    own.ws.on('CB:receipt', node => tell('receipt', { ids: [node.attrs.id], type: node.attrs.type ?? '', from: node.attrs.from }))
}

async function closed(error) {
    const code = error?.output?.statusCode
    console.error('closed', code, error)
    if (code === baileys.DisconnectReason.restartRequired) return connect()
    if (code === baileys.DisconnectReason.loggedOut) return tell('logged_out', { reason: String(error.message) })
    if (code === baileys.DisconnectReason.connectionReplaced) return tell('replaced')
    if (!state.creds.me) return failed(state.creds.registered ? 'connect' : 'pair', `${code} ${error?.message}`)
    tell('disconnected', { code })
    if (wanted) setTimeout(connect, 200)
}

let offered = () => {}
const offer = () => new Promise((done, refuse) => {
    offered = done
    setTimeout(() => refuse(new Error('the server has not offered to pair')), 20_000).unref()
})

async function received(own, { key, message, messageStubType, messageStubParameters }) {
    if (!message) return tell('undecryptable', { id: key.id, type: messageStubType, why: String(messageStubParameters) })
    const content = baileys.normalizeMessageContent(message)
    if (content?.imageMessage) {
        try {
            const file = await baileys.downloadMediaMessage({ key, message }, 'buffer', {}, { logger })
            tell('image', { id: key.id, text: file.toString('hex'), own: !!key.fromMe })
        } catch (error) {
            failed('download', error)
        }
        return
    }
    const [event, about] = said(content)
    if (about.text !== undefined && about.text !== null) {
        tell(event, { id: key.id, from: key.participant ?? key.remoteJid, chat: key.remoteJid, own: !!key.fromMe, ...about })
    }
}

/** The kind of a message, its text, and the id of the earlier message that it is about. */
function said(content) {
    const words = message => message?.conversation ?? message?.extendedTextMessage?.text
    const EDIT = 14, REVOKE = 0 // of ProtocolMessage.Type
    const protocol = content?.protocolMessage
    if (protocol?.type === EDIT) return ['edit', { target: protocol.key?.id, text: words(protocol.editedMessage) }]
    if (protocol?.type === REVOKE && protocol.key) return ['revoke', { target: protocol.key.id, text: '' }]
    const reaction = content?.reactionMessage
    if (reaction) return ['reaction', { target: reaction.key?.id, text: reaction.text ?? '' }]
    const quoting = content?.extendedTextMessage?.contextInfo
    return ['message', { text: words(content), target: quoting?.stanzaId ?? '', quoted: words(quoting?.quotedMessage) ?? '' }]
}

async function send(to, content, text, options = {}) {
    const message = await socket.sendMessage(to, content, options)
    sent.set(message.key.id, message.message)
    tell('sent', { id: message.key.id, text })
}

const key = (remoteJid, id, fromMe) => ({ remoteJid, id, fromMe })

const commands = {
    qr: async () => { pairing = true; connect() },
    code: async ({ number }) => {
        const ready = offer()
        connect()
        await ready
        tell('code', { code: await socket.requestPairingCode(number) })
    },
    connect: async () => connect(),
    send: async ({ to, text }) => send(to, { text }, text),
    reply: async ({ to, id, quoted, text }) => send(to, { text }, text, { quoted: { key: key(to, id, false), message: { conversation: quoted } } }),
    react: async ({ to, id, text }) => send(to, { react: { text, key: key(to, id, false) } }, text),
    edit: async ({ to, id, text }) => send(to, { text, edit: key(to, id, true) }, text),
    revoke: async ({ to, id }) => send(to, { delete: key(to, id, true) }, ''),
    read: async ({ to, id }) => socket.readMessages([key(to, id, false)]),
    image: async ({ to, text }) => send(to, { image: Buffer.from(text, 'hex'), jpegThumbnail: '', mimetype: 'image/jpeg' }, text),
    forget: async () => {
        readdirSync(folder).filter(name => name.startsWith('session-')).forEach(name => rmSync(`${folder}/${name}`))
        tell('forgotten')
    },
    logout: async () => socket.logout(),
    exit: async () => process.exit(0)
}

for await (const line of createInterface({ input: process.stdin })) {
    const command = JSON.parse(line)
    const act = commands[command.do]
    if (!act) failed('command', `there is no ${command.do}`)
    else act(command).catch(error => failed(command.do, error))
}
wanted = false
process.exit(0)
