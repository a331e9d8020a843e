// The gateway's accounts: how each stands, pairing it with a phone, adding and removing one.

import { h, button, tag, act, toast, dialog, confirmed, field, form, empty, gathered, refusal } from './dom.js';
import { call, get, post, gateway, refreshState, choose, on, root } from './gateway.js';

const STATES = { logged_in: ['Connected', 'good'], connecting: ['Reconnecting', 'warn'], disconnected: ['Not paired', ''] };

export const devices = {
  title: 'Devices',
  mount(main) {
    const list = h('div', { class: 'cards' });
    const draw = () => list.replaceChildren(...gateway.state.devices.length ? gateway.state.devices.map(card)
      : [empty('No devices', 'Add one to pair it with a phone.')]);
    main.replaceChildren(h('div', { class: 'page' },
      h('header', { class: 'head' }, h('h1', {}, 'Devices'), button('Add a device…', add)), list));
    draw();
    const ends = [on('STATE', gathered(draw, 50))];
    refreshState().catch((error) => toast(error.message, 'bad'));
    return () => ends.forEach((end) => end());
  },
};

/** For the calls that name no device: they go to this one. */
function to(device, work) {
  return act(async () => {
    if (gateway.device !== device.id) choose(device.id);
    await work();
    await refreshState();
  });
}

function card(device) {
  const [word, kind] = device.held ? ['Held', 'warn'] : device.stopped ? [device.until ? 'Banned' : 'Stopped', 'bad']
    : STATES[device.state] ?? [device.state, 'warn'];
  const paired = device.state !== 'disconnected';
  const linked = h('ul', { class: 'plain' });
  if (paired && !device.held) {
    call('GET', 'app/devices', undefined, { device: device.id }).then((found) => linked.append(...(found ?? []).map((one) =>
      h('li', {}, 'Linked device ', h('b', {}, one.name), one.device === device.jid ? '' : h('span', { class: 'mono' }, ` ${one.device}`)))), () => {});
  }
  return h('article', { class: 'card device', 'data-device': device.id },
    h('header', {}, h('h2', {}, device.id), tag(word, kind)),
    paired ? h('p', { class: 'mono' }, device.jid) : h('p', { class: 'note' }, 'Messages can be sent once a phone is paired.'),
    device.held ? h('p', { class: 'note held' }, `Held by an operator since ${new Date(device.held_since).toLocaleString()}: messages are accepted and wait. `,
      device.held_reason ? `Reason: ${device.held_reason}. ` : '', 'It goes on with: ', h('b', { class: 'mono' }, `whatsapp release ${device.id}`)) : null,
    device.reason && !device.held ? h('p', { class: 'note why' }, `Since ${new Date(device.since).toLocaleString()}: ${device.detail || device.reason}. `,
      device.until ? `It connects again by itself at ${new Date(device.until).toLocaleString()}.` : device.stopped ? 'It connects again when you press Reconnect.' : '') : null,
    linked,
    device.held ? null : h('p', { class: 'actions' },
      paired ? null : button('Pair…', to(device, () => { pair(device); }), { class: 'primary' }),
      paired ? button('Reconnect', to(device, async () => { await get('app/reconnect'); toast('Reconnected'); })) : null,
      paired ? button('Log out…', to(device, async () => {
        if (await confirmed('Log this device out?', 'The phone has to be paired anew. Chats and messages stay here.', 'Log out')) {
          await get('app/logout');
          toast('Logged out');
        }
      }), { class: 'danger' }) : null,
      gateway.state.devices.length > 1 ? button('Remove…', act(async () => {
        if (await confirmed(`Remove ${device.id}?`, 'It is unpaired, and its chats and messages are deleted for good.', 'Remove')) {
          await call('DELETE', `devices/${encodeURIComponent(device.id)}`);
          await refreshState();
        }
      }), { class: 'danger' }) : null));
}

function add() {
  const id = h('input', { name: 'device_id', autocomplete: 'off', spellcheck: 'false', maxlength: '64', required: true });
  const { element } = dialog('Add a device');
  element.append(form('Add', async () => {
    await post('devices', { device_id: id.value });
    element.close();
    await refreshState();
  }, field('Name', id, 'Up to 64 characters and no slash, such as Support desk.')));
}

/** What is to be run in the browser that has the passkey, at the address that the passkey belongs to. */
const script = (challenge) => `copy(JSON.stringify(await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(${JSON.stringify(challenge)}) })))`;

/** Whether a page at this address may use a passkey of that relying party (WebAuthn §5.1.3). */
const mayUse = (party) => party === location.hostname || location.hostname.endsWith(`.${party}`);

/** The passkey step of a pairing; `draw` shows where it stands, and tells whether it is under way. */
function passkeyStep(done) {
  const element = h('div', { class: 'passkey', hidden: true });
  let shown = 'none';

  const hand = async (answer) => {
    await post('app/passkey/response', answer);
    toast('WhatsApp has the passkey’s answer');
  };

  const demanded = (challenge) => {
    const answer = h('textarea', { name: 'answer', required: true, rows: '4', spellcheck: 'false' });
    const here = button('Use the passkey of this browser', act(async () => {
      const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(challenge);
      await hand((await navigator.credentials.get({ publicKey })).toJSON());
    }), { id: 'passkey-here', class: 'primary' });
    const code = h('textarea', { readonly: true, rows: '4', spellcheck: 'false', id: 'passkey-script', 'aria-label': 'Script for the browser console' }, script(challenge));
    element.replaceChildren(h('h3', {}, 'The phone asks for the account’s passkey'),
      ...mayUse(challenge.rpId) ? [here] : [
        h('ol', {},
          h('li', {}, 'In a browser that has the passkey, or can reach the phone, open ', h('b', {}, 'https://web.whatsapp.com'), '.'),
          h('li', {}, 'Open that page’s developer tools, and run this script in the console: ', code,
            button('Copy', act(() => navigator.clipboard.writeText(code.value)))),
          h('li', {}, 'Use the passkey. The answer is then in the clipboard. Paste it here within five minutes.')),
        form('Send the answer', async () => {
          let read;
          try {
            read = JSON.parse(answer.value);
          } catch {
            throw new Error('The answer: must be the JSON that the script has copied.');
          }
          await hand(read);
        }, field('The answer', answer))]);
  };

  const compared = (code, automatic) => element.replaceChildren(
    h('h3', {}, automatic ? 'The phone links this device' : 'Does the phone show this code?'),
    h('output', { class: 'code' }, code),
    automatic ? null : button('The codes are the same', act(() => post('app/passkey/confirm')), { id: 'passkey-confirm', class: 'primary' }));

  const draw = async () => {
    const { status, challenge, code, skip_handoff_ux: automatic, problem } = await get('app/passkey');
    const now = `${status} ${challenge?.challenge ?? ''} ${automatic} ${problem ?? ''}`;
    if (now === shown) return status !== 'none';
    shown = now;
    element.hidden = status === 'none' && !problem;
    if (status === 'awaiting_response') demanded(challenge);
    else if (status === 'awaiting_confirmation') compared(code, automatic);
    else if (problem) element.replaceChildren(h('p', { class: 'problem', role: 'alert' }, problem));
    if (status !== 'none') element.append(h('p', {}, button('Give up', act(async () => {
      await get('app/logout');
      done();
    }))));
    return status !== 'none';
  };
  return { element, draw };
}

function pair(device) {
  const qr = h('div', { class: 'qr' });
  const bar = h('progress', { max: '1', value: '1', 'aria-label': 'Time left for this code' });
  const note = h('p', { class: 'note', role: 'status' }, 'On the phone: WhatsApp › Linked devices › Link a device. The code renews itself.');
  const { element, closed } = dialog(`Pair ${device.id}`);
  const step = passkeyStep(() => element.close());
  const codes = h('div', { class: 'pairing' });
  let timer;

  const look = () => step.draw().then((underWay) => {
    codes.hidden = underWay;
  }, () => {});
  const looks = setInterval(look, 2000);

  const draw = async () => {
    if (codes.hidden) return;
    try {
      const { qr_link: link, qr_duration: seconds } = await get('app/login');
      // Only its path: behind a proxy the gateway may know itself by another name than the browser does.
      const image = h('img', { src: new URL(new URL(link).pathname, root), alt: 'QR code to scan with the phone', width: '256', height: '256' });
      qr.replaceChildren(image);
      const end = Date.now() + seconds * 1000;
      clearInterval(timer);
      timer = setInterval(() => {
        bar.value = Math.max(0, (end - Date.now()) / (seconds * 1000));
        if (Date.now() >= end) draw();
      }, 250);
    } catch (error) {
      clearInterval(timer);
      qr.replaceChildren(refusal(error), button('Try again', draw));
    }
  };

  const phone = h('input', { name: 'phone', required: true, inputmode: 'tel', autocomplete: 'tel', placeholder: '6281234567890' });
  const code = h('output', { class: 'code', hidden: true });
  const byCode = form('Get a code', async () => {
    const { pair_code: text } = await get('app/login-with-code', { phone: phone.value.trim() });
    code.textContent = text;
    code.hidden = false;
  }, field('This phone’s number', phone, 'With its country code. The phone then asks for the code shown here.'));

  const url = h('input', { readonly: true, hidden: true, spellcheck: 'false', 'aria-label': 'Link for the person who holds the phone' });
  const byLink = button('Make a link', act(async () => {
    const { pair_link: link } = await post(`devices/${encodeURIComponent(device.id)}/login/link`);
    // The address by which this browser knows the gateway.
    url.value = new URL(`pair${new URL(link).hash}`, root).href;
    url.hidden = false;
    url.select();
  }), { id: 'make-link' });

  codes.append(h('div', {}, qr, bar, note),
    h('div', {}, h('h3', {}, 'Or with a code'), byCode, code,
      h('h3', {}, 'Or elsewhere'), h('p', { class: 'note' }, 'A link for the person who holds the phone. It is valid for one use within ten minutes.'), byLink, url,
      gateway.state.sandbox ? null : h('p', { class: 'note' }, 'Not affiliated with WhatsApp. The protocol is unofficial, and WhatsApp can ban the number; ',
        'Meta’s Cloud API is the official way. Proven against a twin of WhatsApp’s servers only, never against WhatsApp’s own.'),
      gateway.state.sandbox ? h('div', { class: 'pretend' }, tag('SANDBOX', 'sandbox'),
        h('p', {}, 'There is no phone. Let the pretended one scan the code:'),
        button('Scan the code', act(() => post('sandbox/pair')), { id: 'scan' })) : null));
  element.append(step.element, codes);
  look().finally(draw);
  const end = on('LOGIN_SUCCESS', (result) => {
    if (result.device_id !== device.id) return;
    toast(`${device.id} is paired`);
    element.close();
  });
  closed.then(() => {
    clearInterval(timer);
    clearInterval(looks);
    end();
    refreshState().catch(() => {});
  });
}
