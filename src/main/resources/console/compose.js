// A form for every kind of message. Each kind is a row of this table; its fields are the contract's own.

import { h, field, check, form, select, toast, button } from './dom.js';
import { call, get, gateway, root } from './gateway.js';

const text = (name, label, more = {}) => ({ name, label, make: () => h('input', { name, required: true, ...more }), hint: more.hint });
const area = (name, label, more = {}) => ({ name, label, make: () => h('textarea', { name, rows: '4', required: true, maxlength: '4096', ...more }) });
const flag = (name, label, checked = false) => ({ name, label, flag: true, make: () => h('input', { name, type: 'checkbox', checked }) });
const choice = (name, label, options) => ({ name, label, make: () => select(name, options) });
const caption = area('caption', 'Caption', { rows: '2', required: false });
const file = (name, accept) => [
  { name, label: 'File', file: true, make: () => h('input', { name, type: 'file', accept }) },
  { name: `${name}_url`, label: 'or its address', make: () => h('input', { name: `${name}_url`, type: 'url', placeholder: 'https://…' }), hint: 'The gateway fetches it.' },
];
const once = flag('view_once', 'Can be opened once only');

const KINDS = {
  message: { title: 'Text', fields: [area('message', 'Message')] },
  image: { title: 'Image', fields: [...file('image', 'image/jpeg,image/png'), caption, flag('compress', 'Make it smaller', true), once] },
  video: { title: 'Video', fields: [...file('video', 'video/*'), caption, once, flag('gif_playback', 'Play like an animation')] },
  audio: { title: 'Audio', fields: [...file('audio', 'audio/*'), flag('ptt', 'As a voice message', true)] },
  file: { title: 'Document', fields: [...file('file'), caption] },
  sticker: { title: 'Sticker', fields: file('sticker', 'image/webp,image/png,image/jpeg,image/gif') },
  contact: { title: 'Contact', fields: [text('contact_name', 'Name'), text('contact_phone', 'Phone number', { inputmode: 'tel' })] },
  link: { title: 'Link', fields: [text('link', 'Address', { type: 'url', placeholder: 'https://…' }), area('caption', 'Caption', { rows: '2' })] },
  location: { title: 'Location', fields: [text('latitude', 'Latitude', { inputmode: 'decimal', placeholder: '-6.2' }), text('longitude', 'Longitude', { inputmode: 'decimal', placeholder: '106.8' })] },
  poll: {
    title: 'Poll',
    fields: [text('question', 'Question', { maxlength: '255' }),
      { name: 'options', label: 'Choices', list: true, make: () => h('textarea', { name: 'options', rows: '4', required: true }), hint: 'One a line, 12 at the most.' },
      { name: 'max_answer', label: 'Choices per person', number: true, make: () => h('input', { name: 'max_answer', type: 'number', min: '1', max: '12', value: '1', required: true }) }],
  },
  'chat-presence': { title: 'Typing', plain: true, fields: [choice('action', 'Show that you', [['start', 'are typing'], ['stop', 'stopped typing']])] },
  presence: { title: 'Presence', plain: true, nobody: true, fields: [choice('type', 'Show this account as', [['available', 'available'], ['unavailable', 'unavailable']])] },
};

const TIMERS = [['0', 'never'], ['86400', 'after a day'], ['604800', 'after a week'], ['7776000', 'after 90 days']];

export const compose = {
  title: 'Compose',
  mount(main, [kind = 'message', to = '']) {
    const name = KINDS[kind] ? kind : 'message';
    const picker = h('div', { class: 'kinds', role: 'group', 'aria-label': 'Kind of message' }, Object.entries(KINDS).map(([id, { title }]) =>
      h('a', { class: 'chip', href: `#/compose/${id}/${encodeURIComponent(to)}`, 'aria-current': id === name ? 'true' : null }, title)));
    // Whoever is written to stays when another kind is chosen.
    const kept = (person) => picker.querySelectorAll('a').forEach((chip) => {
      chip.href = `${chip.hash.split('/').slice(0, 3).join('/')}/${encodeURIComponent(person)}`;
    });
    main.replaceChildren(h('div', { class: 'page' }, h('h1', {}, 'Compose'), picker, kindForm(name, to, kept)));
    picker.querySelector('[aria-current]').scrollIntoView({ block: 'nearest', inline: 'center' });
  },
};

function kindForm(name, to, kept) {
  const kind = KINDS[name];
  const people = h('datalist', { id: 'people' });
  get('chats', { limit: 100 }).then(({ data }) => people.append(...data.map((chat) => h('option', { value: chat.jid }, chat.name))), () => {});
  const recipient = h('input', { name: 'phone', required: true, value: to, list: 'people', autocomplete: 'off', placeholder: '6281234567890', spellcheck: 'false' });
  recipient.addEventListener('input', () => kept(recipient.value.trim()));
  const curl = h('code', {});
  const fields = kind.fields.map((row) => (row.flag ? check(row.label, row.make()) : field(row.label, row.make(), row.hint)));
  const more = kind.plain ? null : h('details', {}, h('summary', {}, 'More options'),
    field('Disappears', select('duration', TIMERS)),
    field('Answers the message', h('input', { name: 'reply_message_id', autocomplete: 'off', spellcheck: 'false' }), 'Its id, from the message’s own menu.'),
    check('Mark as forwarded', h('input', { name: 'is_forwarded', type: 'checkbox' })));
  const result = h('p', { class: 'result', role: 'status', hidden: true });
  const element = form('Send', async (sent) => {
    result.hidden = true;
    const results = await call('POST', `send/${name}`, body(sent, kind));
    result.replaceChildren(h('b', {}, results.status ?? 'Done.'), ' ', h('span', { class: 'mono' }, results.message_id ?? ''), ' ',
      kind.nobody ? '' : h('a', { href: `#/chats/${encodeURIComponent(address(recipient.value))}` }, 'Open the chat'));
    result.hidden = false;
    toast('Sent');
  }, kind.nobody ? null : field('To', recipient, 'A number with its country code, or the address of a group or channel.'),
  people, fields, more);
  const refresh = () => { curl.textContent = command(name, element, kind); };
  element.addEventListener('input', refresh);
  refresh();
  return h('div', { class: 'card' }, element, result, h('details', { class: 'curl' }, h('summary', {}, 'The same as a command'),
    h('pre', {}, curl), button('Copy', () => navigator.clipboard.writeText(curl.textContent).then(() => toast('Copied'), () => toast('The browser refused', 'bad')))));
}

const address = (phone) => (phone.includes('@') ? phone.trim() : `${phone.trim().replace(/^\+/, '')}@s.whatsapp.net`);

/** The values that were given, as JSON holds them; [name, value] pairs. */
function values(element, kind) {
  const rows = new Map(kind.fields.map((row) => [row.name, row]));
  const pairs = [];
  for (const control of element.elements) {
    const row = rows.get(control.name);
    if (!control.name) continue;
    if (control.type === 'checkbox') {
      if (control.checked !== control.defaultChecked || control.checked) pairs.push([control.name, control.checked]);
    } else if (control.type === 'file') {
      if (control.files.length) pairs.push([control.name, control.files[0]]);
    } else if (row?.list) {
      pairs.push([control.name, control.value.split('\n').map((line) => line.trim()).filter(Boolean)]);
    } else if (control.value.trim() !== '' && !(control.name === 'duration' && control.value === '0')) {
      pairs.push([control.name, row?.number || control.name === 'duration' ? Number(control.value) : control.value]);
    }
  }
  return pairs;
}

/** JSON, or a form when there is a file in it. */
function body(element, kind) {
  const pairs = values(element, kind);
  if (!pairs.some(([, value]) => value instanceof File)) return Object.fromEntries(pairs);
  const data = new FormData();
  pairs.forEach(([name, value]) => data.append(name, value instanceof File ? value : String(value)));
  return data;
}

const quoted = (word) => `'${String(word).replaceAll('\'', '\'\\\'\'')}'`;

function command(name, element, kind) {
  const pairs = values(element, kind);
  const start = `curl -u ${gateway.state.user ?? 'USER'} `;
  const device = gateway.state.devices.length > 1 ? `-H ${quoted(`X-Device-Id: ${encodeURIComponent(gateway.device)}`)} ` : '';
  const where = new URL(`send/${name}`, root).href;
  if (pairs.some(([, value]) => value instanceof File)) {
    return `${start}${device}${pairs.map(([key, value]) => `-F ${quoted(`${key}=${value instanceof File ? `@${value.name}` : value}`)} `).join('')}${where}`;
  }
  return `${start}${device}-H 'Content-Type: application/json' -d ${quoted(JSON.stringify(Object.fromEntries(pairs)))} ${where}`;
}

