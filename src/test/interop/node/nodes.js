// What Baileys makes of frames: they come in hex on the standard input, one a line, and an outcome goes to the standard output for each.
import * as baileys from 'baileys'
import { createInterface } from 'node:readline'

/** A node as the comparison of decoders has it. Content is null, bytes in hex, or a list of nodes. */
const said = ({ tag, attrs, content }) => ({
    tag: String(tag),
    attrs: Object.fromEntries(Object.entries(attrs).map(([name, value]) => [name, String(value ?? '')])),
    content: content === undefined || content === null ? null
        : Array.isArray(content) ? content.map(said) : Buffer.from(content).toString('hex')
})

export async function decodeNodes() {
    for await (const line of createInterface({ input: process.stdin })) {
        let outcome
        try {
            outcome = { node: said(await baileys.decodeBinaryNode(Buffer.from(line, 'hex'))) }
        } catch (error) {
            outcome = { error: String(error?.message ?? error) }
        }
        process.stdout.write(JSON.stringify(outcome) + '\n')
    }
}
