// What an operator looks at, and what a tester makes happen on the pretended WhatsApp.

import { h, button, tag, act, toast, field, check, form, select, empty, when } from './dom.js';
import { get, post, call, gateway, current, root, open, on, refreshState } from './gateway.js';

const input = (name, more = {}) => h('input', { name, required: true, autocomplete: 'off', ...more });
const words = (name, value, more = {}) => h('textarea', { name, rows: '2', required: true, value, ...more });
const file = (accept) => h('input', { name: 'file', type: 'file', accept, required: true });

/** The kinds of message that can come in, and what each needs. */
const INBOUND = {
  text: ['Text', () => [field('Message', words('message', 'Hello from the sandbox'))]],
  image: ['Image', () => [field('File', file('image/jpeg,image/png')), field('Caption', input('caption', { required: false }))]],
  video: ['Video', () => [field('File', file('video/*')), field('Caption', input('caption', { required: false }))]],
  audio: ['Voice message', () => [field('File', file('audio/*'))]],
  document: ['Document', () => [field('File', file()), field('Caption', input('caption', { required: false }))]],
  sticker: ['Sticker', () => [field('File', file('image/webp,image/png'))]],
  contact: ['Contact', () => [field('Name', input('contact_name')), field('Phone number', input('contact_phone', { inputmode: 'tel' }))]],
  location: ['Location', () => [field('Latitude', input('latitude', { value: '-6.2' })), field('Longitude', input('longitude', { value: '106.8' })), field('Place', input('place', { required: false }))]],
  poll: ['Poll', () => [field('Question', input('question')), field('Choices', words('options', 'Yes\nNo', { 'data-list': true }), 'One a line.')]],
  reaction: ['Reaction', () => [field('To the message', input('message_id')), field('Emoji', input('emoji', { value: '👍' }))]],
  edit: ['Edit', () => [field('Of the message', input('message_id')), field('New words', words('message', ''))]],
  revoke: ['Take back', () => [field('The message', input('message_id'))]],
};

export const sandbox = {
  title: 'Sandbox',
  mount(main) {
    if (!gateway.state.sandbox) {
      main.replaceChildren(empty('No sandbox', 'This gateway talks to the real WhatsApp.'));
      return undefined;
    }
    const state = h('p', { class: 'note' }, '…');
    const deeds = h('ul', { class: 'plain deeds' });
    const refresh = async () => {
      try {
        const now = await get('sandbox/state');
        cut.hidden = now.dropped;
        again.hidden = !now.dropped;
        ban.hidden = now.banned;
        lift.hidden = !now.banned;
        state.replaceChildren(tag(now.banned ? 'Banned' : now.dropped ? 'Line down' : 'Line up', now.banned || now.dropped ? 'bad' : 'good'),
          ` Receipts: ${after(now.delivered_after_ms, 'delivered')}, ${after(now.read_after_ms, 'read')}. `,
          now.fail_next ? `The next ${now.fail_next} sends fail.` : '');
        const { data } = await get('sandbox/deeds', { limit: 10 });
        deeds.replaceChildren(...data.length ? data.map((deed) => h('li', {}, when(deed.timestamp, 'clock'), ' ', h('b', {}, deed.deed), ' ', h('span', { class: 'mono' }, deed.subject), ' ', deed.detail))
          : [h('li', { class: 'note' }, 'Nothing yet.')]);
      } catch (error) {
        state.replaceChildren(h('span', { class: 'problem' }, error.message));
      }
    };
    const doing = (path, body, said) => act(async () => {
      await post(`sandbox/${path}`, body);
      toast(said);
      await refresh();
    });
    const cut = button('Cut the connection', doing('drop', {}, 'The connection is down'));
    const again = button('Reconnect', act(async () => { await get('app/reconnect'); await refresh(); }), { hidden: true });
    const ban = button('Ban the number', doing('ban', { banned: true }, 'Banned'), { class: 'danger' });
    const lift = button('Lift the ban', doing('ban', { banned: false }, 'The ban is lifted'), { hidden: true });
    const unpaired = current()?.state === 'disconnected' ? h('p', { class: 'problem' },
      'No account is paired, so nothing can come in. ', h('a', { href: '#/devices' }, 'Pair it first.')) : null;
    main.replaceChildren(h('div', { class: 'page wide' },
      h('header', { class: 'head' }, h('h1', {}, 'Sandbox'), tag('SANDBOX', 'sandbox')),
      h('p', { class: 'note' }, 'A pretended WhatsApp: what is done here reaches no phone. Everything else on this page behaves as with the real one.'),
      unpaired,
      h('div', { class: 'columns' },
        h('div', { class: 'stack' },
          h('section', { class: 'card' }, h('h2', {}, 'Somebody writes'), inbound(refresh)),
          h('section', { class: 'card' }, h('h2', {}, 'What the account did'), deeds)),
        h('div', { class: 'stack' },
          h('section', { class: 'card' }, h('h2', {}, 'The connection'), state, h('p', { class: 'actions' }, cut, again, ban, lift)),
          h('section', { class: 'card' }, h('h2', {}, 'Failing sends'), failing(refresh)),
          h('section', { class: 'card' }, h('h2', {}, 'Receipts'), receipts(refresh))))));
    refresh();
    const ends = [on('CONNECTION', refresh), on('OUTBOX', (moved) => moved.state !== 'accepted' && refresh())];
    return () => ends.forEach((end) => end());
  },
};

const after = (millis, word) => (millis < 0 ? `never ${word}` : `${word} after ${millis} ms`);

function inbound(refresh) {
  const from = input('from', { value: '12025550101', inputmode: 'tel', list: 'known' });
  const name = input('name', { value: 'Alice', required: false });
  const chat = input('chat', { required: false, placeholder: 'the sender’s own' });
  const kind = select('type', Object.entries(INBOUND).map(([id, [label]]) => [id, label]));
  const fields = h('div', {});
  const draw = () => fields.replaceChildren(...INBOUND[kind.value][1]());
  kind.addEventListener('change', draw);
  draw();
  return form('Receive', async (element) => {
    const data = new FormData(element);
    const media = [...data.values()].some((value) => value instanceof File);
    for (const [key, value] of [...data]) if (value === '') data.delete(key);
    const body = Object.fromEntries(data);
    if (body.options) body.options = body.options.split('\n').map((line) => line.trim()).filter(Boolean);
    const { message_id: id } = await call('POST', 'sandbox/inbound', media ? data : body);
    toast(`Received as ${id}`);
    await refresh();
  }, h('div', { class: 'pair' }, field('From', from), field('Name', name)),
  h('div', { class: 'pair' }, field('Kind', kind), field('Chat', chat)), fields);
}

function failing(refresh) {
  const sends = input('sends', { type: 'number', min: '0', max: '1000000', value: '3' });
  const passing = h('input', { name: 'passing', type: 'checkbox', checked: true });
  return form('Set', async () => {
    await post('sandbox/fail', { sends: Number(sends.value), passing: passing.checked });
    await refresh();
  }, field('How many', sends), check('They may be tried again', passing));
}

function receipts(refresh) {
  const delivered = input('delivered_after_ms', { type: 'number', min: '-1', max: '86400000', value: '100' });
  const read = input('read_after_ms', { type: 'number', min: '-1', max: '86400000', value: '400' });
  return form('Set', async () => {
    await post('sandbox/receipts', { delivered_after_ms: Number(delivered.value), read_after_ms: Number(read.value) });
    await refresh();
  }, h('div', { class: 'pair' }, field('Delivered after (ms)', delivered), field('Read after (ms)', read, '-1 is never')));
}

export const health = {
  title: 'Health',
  mount(main) {
    const checks = h('dl', { class: 'checks' });
    const row = (name, good, text) => [h('dt', {}, name), h('dd', {}, tag(text, good ? 'good' : 'bad'))];
    const refresh = async () => {
      const rows = [];
      try {
        const answer = await fetch(new URL('/readyz?verbose', root));
        const { results } = await answer.json();
        rows.push(...row('Accepts messages', answer.ok, answer.ok ? 'ready' : 'not ready'));
        for (const [name, state] of Object.entries(results ?? {})) if (name === 'store' || state !== 'up') rows.push(...row(name, state === 'up', state));
      } catch {
        rows.push(...row('Accepts messages', false, 'no answer'));
      }
      rows.push(...row('Live updates', open, open ? 'connected' : 'disconnected'));
      for (const device of gateway.state.devices) {
        rows.push(...row(`Device ${device.id}`, device.state === 'logged_in', device.state.replace('_', ' ')));
      }
      try {
        const { data } = await get('webhooks');
        const failing = data.filter((endpoint) => endpoint.failing_since || endpoint.disabled_at).length;
        rows.push(...row('Webhooks', !failing, data.length ? `${data.length - failing} of ${data.length} in order` : 'none'));
        const aside = await get('webhooks/deliveries', { status: 'aside', limit: 200 });
        rows.push(...row('Deliveries set aside', !aside.data.length, aside.next_before ? '200 or more' : String(aside.data.length)));
        const dead = await get('webhooks/deliveries', { status: 'dead', limit: 200 });
        rows.push(...row('Deliveries given up', !dead.data.length, dead.next_before ? '200 or more' : String(dead.data.length)));
      } catch (error) {
        rows.push(...row('Webhooks', false, error.message));
      }
      checks.replaceChildren(...rows);
    };
    main.replaceChildren(h('div', { class: 'page' },
      h('header', { class: 'head' }, h('h1', {}, 'Health'), button('Check again', act(async () => { await refreshState(); await refresh(); }))),
      h('section', { class: 'card' }, checks),
      h('p', { class: 'note' }, `Version ${gateway.state.version} · engine ${gateway.state.engine} · `,
        h('a', { href: new URL('docs', root) }, 'API documentation'))));
    refresh();
    const ends = [on('FEED', refresh), on('CONNECTION', refresh)];
    return () => ends.forEach((end) => end());
  },
};
