// The page of a pairing link: shows the QR code, or the code to type, until a phone is linked.

const SCAN = 'On the phone: WhatsApp › Linked devices › Link a device. The code renews itself.';
const TYPE = 'On the phone: WhatsApp › Linked devices › Link a device › Link with phone number instead.';
const LINKED = 'The phone is linked. You can close this page.';
const WAIT = 'One moment…';
const LOOK = 3000;

const shown = document.querySelector('#shown');
const words = document.querySelector('#words');

// Behind the number sign, so that no server was sent it; and out of the address bar, so that no history keeps it.
const link = location.hash.slice(1);
history.replaceState(null, '', location.pathname);
// The link belongs to the page that used it first: the page proves that with this key, which nobody else has.
const page = btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(32))))
  .replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');

const sleep = (time) => new Promise((resolve) => { setTimeout(resolve, time); });

/** Asks until there is an answer: another node may have the account, or the network is away. */
async function ask(what) {
  for (;;) {
    const reply = await fetch(`pair/${what}`, {
      method: 'POST', credentials: 'omit', cache: 'no-store', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ link, page }),
    }).catch(() => undefined);
    const body = await reply?.json().catch(() => undefined);
    if (reply?.ok && body) return body.results;
    if (body && reply.status < 500 && reply.status !== 429) throw new Error(body.message);
    await sleep(1000 * Math.min(30, Number(reply?.headers.get('Retry-After')) || 2) + Math.random() * 500);
  }
}

function show(sentence, node) {
  shown.replaceChildren(...node ? [node] : []);
  words.textContent = sentence;
}

function drawn(answer) {
  if (answer.state === 'scan') {
    const image = new Image(256, 256);
    image.alt = 'QR code to scan with the phone';
    image.src = answer.image;
    return image;
  }
  const code = document.createElement('output');
  code.textContent = answer.code;
  return code;
}

try {
  for (let state; state !== 'linked';) {
    const answer = await ask('code');
    state = answer.state;
    if (state === 'linked') break;
    show(state === 'scan' ? SCAN : TYPE, drawn(answer));
    for (const end = Date.now() + answer.duration * 1000; Date.now() < end && state !== 'linked';) {
      await sleep(Math.max(0, Math.min(LOOK, end - Date.now())));
      ({ state } = await ask('state'));
    }
    if (state !== 'linked' && answer.state === 'type') show(WAIT);
  }
  show(LINKED);
} catch (error) {
  show(error.message);
}
