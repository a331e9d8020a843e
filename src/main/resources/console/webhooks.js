// Where events are posted, what became of each, and sending again.

import { h, button, tag, act, toast, dialog, confirmed, field, check, form, select, empty, when, refusal } from './dom.js';
import { call, get, post, gateway } from './gateway.js';

const STATES = { waiting: ['Waiting', 'warn'], delivered: ['Delivered', 'good'], dead: ['Given up', 'bad'], aside: ['Set aside', 'bad'] };
/** While somebody looks: often enough to watch a delivery arrive. */
const EVERY_MILLIS = 2500;

export const webhooks = {
  title: 'Webhooks',
  mount(main) {
    const endpoints = h('div', { class: 'cards', id: 'endpoints' });
    const rows = h('tbody', {});
    const table = h('table', { id: 'deliveries' }, h('caption', { class: 'hidden' }, 'Deliveries, newest first'), h('thead', {}, h('tr', {},
      ['Event', 'Endpoint', 'State', 'Attempts', 'Last answer', 'Done or due', ''].map((name) => h('th', { scope: 'col' }, name || h('span', { class: 'hidden' }, 'Actions'))))), rows);
    const none = h('div', { hidden: true }, empty('No deliveries', 'Every event of this account is delivered to every endpoint that wants it. Nothing has happened yet.'));
    const which = select('endpoint', [['', 'All endpoints']], { 'aria-label': 'Endpoint' });
    const state = select('status', [['', 'Every state'], ...Object.entries(STATES).map(([value, [label]]) => [value, label])], { 'aria-label': 'State' });
    const older = button('Show older', () => { before = next; refresh(); }, { class: 'quiet', hidden: true });
    const newest = button('Back to the newest', () => { before = 0; refresh(); }, { class: 'quiet', hidden: true });
    let before = 0;
    let next = 0;
    let drawn = '';

    const known = new Map();
    const load = async () => {
      const { data } = await get('webhooks');
      known.clear();
      data.forEach((endpoint) => known.set(endpoint.id, endpoint));
      endpoints.replaceChildren(...data.length ? data.map((endpoint) => card(endpoint, load))
        : [empty('No endpoints', 'Add the address of a server that shall hear of messages, receipts and pairings.')]);
      const chosen = which.value;
      which.replaceChildren(h('option', { value: '' }, 'All endpoints'), ...data.map((endpoint) => h('option', { value: endpoint.id }, endpoint.url)));
      which.value = known.has(chosen) ? chosen : '';
    };
    const refresh = async () => {
      try {
        const found = await get('webhooks/deliveries', { limit: 50, endpoint: which.value, status: state.value, before: before || '' });
        next = found.next_before;
        older.hidden = !next;
        newest.hidden = !before;
        const now = JSON.stringify([found.data, [...known.values()].map((endpoint) => endpoint.url)]);
        if (now === drawn) return;
        // A delivery went well or wrong, so an endpoint may have too.
        if (drawn) load().catch(() => {});
        drawn = now;
        table.hidden = !found.data.length;
        none.hidden = Boolean(found.data.length);
        rows.replaceChildren(...found.data.map((delivery) => row(delivery, known.get(delivery.endpoint), refresh)));
      } catch (error) {
        rows.replaceChildren(h('tr', {}, h('td', { colspan: '7', class: 'problem' }, error.message)));
        table.hidden = false;
      }
    };
    for (const filter of [which, state]) filter.addEventListener('change', () => { before = 0; refresh(); });

    main.replaceChildren(h('div', { class: 'page wide' },
      h('header', { class: 'head' }, h('h1', {}, 'Webhooks'), button('Add an endpoint…', () => edit(undefined, load), { class: 'primary' })),
      endpoints,
      h('header', { class: 'head' }, h('h2', {}, 'Deliveries'), which, state,
        ...[['dead', 'Send the given up again'], ['aside', 'Send those set aside again']].map(([status, label]) => button(label, act(async () => {
          const { replayed } = await post(`webhooks/replay?status=${status}${which.value ? `&endpoint=${encodeURIComponent(which.value)}` : ''}`);
          toast(`${replayed} queued again`);
          await refresh();
        })))),
      table, none, h('p', { class: 'actions' }, newest, older)));
    load().catch((error) => endpoints.replaceChildren(refusal(error))).then(refresh);
    const timer = setInterval(() => document.hidden || refresh(), EVERY_MILLIS);
    return () => clearInterval(timer);
  },
};

function card(endpoint, load) {
  const path = `webhooks/${encodeURIComponent(endpoint.id)}`;
  const health = endpoint.disabled_at ? tag('Switched off after failures', 'bad')
    : !endpoint.enabled ? tag('Off') : endpoint.failing_since ? tag('Failing', 'warn') : tag('On', 'good');
  const configured = endpoint.origin === 'configuration';
  return h('article', { class: 'card endpoint' },
    h('header', {}, h('h3', { class: 'mono' }, endpoint.url), health),
    h('p', { class: 'note' }, `${endpoint.dialect.toLowerCase()} payloads · `,
      endpoint.events.length ? endpoint.events.join(', ') : 'all events',
      endpoint.device ? ` · device ${endpoint.device}` : '',
      configured ? ' · from the configuration' : ''),
    endpoint.failing_since ? h('p', { class: 'note' }, 'Failing since ', when(endpoint.failing_since), '.') : null,
    endpoint.disabled_why ? h('p', { class: 'problem' }, endpoint.disabled_why) : null,
    h('p', { class: 'note' }, 'Secret ', h('span', { class: 'mono' }, endpoint.secret_fingerprint),
      endpoint.previous_secret_until ? [' · the previous one holds until ', when(endpoint.previous_secret_until)] : null),
    h('p', { class: 'actions' },
      button('Send a test', act(async () => { await post(`${path}/test`); toast('Test event queued'); })),
      configured ? null : button('Edit…', () => edit(endpoint, load)),
      configured && !endpoint.disabled_at ? null : button(endpoint.enabled && !endpoint.disabled_at ? 'Switch off' : 'Switch on', act(async () => {
        await call('PATCH', path, { enabled: !(endpoint.enabled && !endpoint.disabled_at) });
        await load();
      })),
      configured ? null : button('Remove…', act(async () => {
        if (await confirmed('Remove this endpoint?', 'What waits for it is not delivered any more.', 'Remove')) {
          await call('DELETE', path);
          await load();
        }
      }), { class: 'danger' })));
}

const words = (text) => text.split(/[\s,]+/).filter(Boolean);

function edit(endpoint, load) {
  const { element } = dialog(endpoint ? 'Edit the endpoint' : 'Add an endpoint');
  const url = h('input', { name: 'url', type: 'url', required: true, placeholder: 'https://app.example.com/whatsapp', value: endpoint?.url ?? '' });
  const secret = h('input', { name: 'secret', type: 'password', autocomplete: 'new-password', required: !endpoint, minlength: '16' });
  const events = h('input', { name: 'events', value: endpoint?.events.join(', ') ?? '', spellcheck: 'false', placeholder: 'message, message.ack' });
  const ignore = h('input', { name: 'ignore', value: endpoint?.ignore.join(', ') ?? '', spellcheck: 'false' });
  const dialect = select('dialect', [['v7', 'v7, the original’s'], ['v8', 'v8']]);
  dialect.value = endpoint?.dialect.toLowerCase() ?? 'v7';
  const device = select('device', [['', 'every device'], ...gateway.state.devices.map(({ id }) => [id, id])]);
  device.value = endpoint?.device ?? '';
  const enabled = h('input', { name: 'enabled', type: 'checkbox', checked: endpoint?.enabled ?? true });
  element.append(form(endpoint ? 'Save' : 'Add', async () => {
    const draft = { url: url.value.trim(), events: words(events.value), ignore: words(ignore.value), dialect: dialect.value, device: device.value, enabled: enabled.checked };
    if (secret.value) draft.secret = secret.value;
    await call(endpoint ? 'PATCH' : 'POST', endpoint ? `webhooks/${encodeURIComponent(endpoint.id)}` : 'webhooks', draft);
    element.close();
    toast('Saved');
    await load();
  }, field('Address', url),
  field('Secret', secret, endpoint ? 'Leave empty to keep it. After a change both are used for signing for a day.' : 'Signs every delivery. A good one: openssl rand -hex 32'),
  field('Events', events, 'Separated by commas; empty for all.'),
  field('Ignored chats', ignore, 'Addresses; @g.us is every group.'),
  h('div', { class: 'pair' }, field('Payloads', dialect), field('Events of', device)),
  check('Deliver', enabled)));
}

function row(delivery, endpoint, refresh) {
  const [word, kind] = STATES[delivery.status] ?? [delivery.status, ''];
  const cell = (label, ...content) => h('td', { 'data-label': label }, content);
  return h('tr', { 'data-delivery': delivery.delivery },
    cell('Event', h('b', {}, delivery.event), h('small', { class: 'mono cut' }, delivery.event_id)),
    cell('Endpoint', h('span', { class: 'mono cut' }, endpoint?.url ?? delivery.endpoint)),
    cell('State', tag(word, kind)),
    cell('Attempts', button(String(delivery.attempts), act(() => attempts(delivery)), { class: 'link', 'aria-label': `${delivery.attempts} attempts, show them` })),
    cell('Last answer', delivery.aside_why ? h('span', { class: 'cut problem', title: delivery.aside_why }, delivery.aside_why) : delivery.last_status || (delivery.last_error ? h('span', { class: 'cut', title: delivery.last_error }, delivery.last_error) : '–')),
    cell('Done or due', when(delivery.finished_at ?? delivery.aside_at ?? delivery.due_at, 'seconds')),
    cell('', delivery.status === 'waiting' ? null : button('Replay', act(async () => {
      await post(`webhooks/deliveries/${delivery.delivery}/replay`);
      toast('Queued again');
      await refresh();
    }), { 'aria-label': `Replay ${delivery.event}` })));
}

async function attempts(delivery) {
  const { data } = await get(`webhooks/deliveries/${delivery.delivery}`);
  const { element } = dialog(`Attempts of ${delivery.event}`);
  element.append(data.length ? h('ol', { class: 'attempts' }, data.map((attempt) => h('li', {},
    h('p', {}, tag(attempt.status || 'no answer', attempt.status >= 200 && attempt.status < 300 ? 'good' : 'bad'), ' ', when(attempt.at, 'seconds'), ` in ${attempt.millis} ms`),
    attempt.error ? h('p', { class: 'problem' }, attempt.error) : null,
    attempt.response ? h('pre', {}, attempt.response) : null))) : h('p', { class: 'note' }, 'None yet.'));
}
