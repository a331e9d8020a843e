// Who may use the gateway: users with passwords, and tokens of programs.

import { h, button, tag, act, toast, dialog, confirmed, field, check, form, select, when, refusal } from './dom.js';
import { call, get, post, gateway } from './gateway.js';

const SCOPES = [['read', 'Look at chats, messages and devices'], ['send', 'Send and change messages'], ['manage', 'Pair devices; change users, tokens and webhooks']];

export const access = {
  title: 'Access',
  mount(main) {
    const users = h('ul', { class: 'rows', id: 'users' });
    const tokens = h('ul', { class: 'rows', id: 'tokens' });
    const fill = async (list, path, row, none) => {
      try {
        const found = await get(path);
        list.replaceChildren(...found.length ? found.map(row) : [h('li', { class: 'note' }, none)]);
      } catch (error) {
        list.replaceChildren(refusal(error, 'li'));
      }
    };
    const refresh = () => Promise.all([
      fill(users, 'users', (user) => h('li', {}, who(user.name, user),
        button('New password…', () => renew(user.name), { 'aria-label': `New password for ${user.name}` }),
        out(`users/${encodeURIComponent(user.name)}`, `Shut ${user.name} out?`, refresh)), 'No users in the database. Users of the settings are not listed here.'),
      fill(tokens, 'tokens', (token) => h('li', {}, who(token.note || token.id, token, token.id),
        out(`tokens/${encodeURIComponent(token.id)}`, `Revoke the token ${token.note || token.id}?`, refresh)), 'No tokens in the database.'),
    ]);
    main.replaceChildren(h('div', { class: 'page stack' }, h('h1', {}, 'Access'),
      h('section', { class: 'card' }, h('header', {}, h('h2', {}, 'Users'), button('Let a user in…', () => addUser(refresh))), users),
      h('section', { class: 'card' }, h('header', {}, h('h2', {}, 'Tokens'), button('Make a token…', () => addToken(refresh))), tokens)));
    refresh();
  },
};

function who(name, { scopes, device, created_at: made, last_used: used, not_after: end }, id) {
  return h('span', { class: 'who' }, h('b', {}, name), h('small', {}, id ? [h('span', { class: 'mono' }, id), ' · '] : null, 'since ', when(made),
    used ? [', used ', when(used)] : ', never used', end ? [', ends ', when(end)] : null, device ? `, only ${device}` : ''),
  scopes.split(',').map((scope) => [tag(scope), ' ']));
}

function out(path, question, refresh) {
  return button('Revoke…', act(async () => {
    if (!await confirmed(question, 'The very next request is refused.', 'Revoke')) return;
    await call('DELETE', path);
    await refresh();
  }), { class: 'danger', 'aria-label': question.replace(/\?$/, '') });
}

function rights() {
  const scopes = SCOPES.map(([name, label]) => check(label, h('input', { name: 'scope', type: 'checkbox', value: name, checked: name === 'read' })));
  const device = select('device', [['', 'All devices'], ...gateway.state.devices.map(({ id }) => [id, id])]);
  return { fields: [h('fieldset', {}, h('legend', {}, 'May'), scopes), field('On', device)],
    read: (element) => ({ scopes: [...element.querySelectorAll('[name=scope]')].filter((box) => box.checked).map((box) => box.value).join(','), device: device.value || undefined }) };
}

const secret = (name) => h('input', { name, type: 'password', required: true, autocomplete: 'new-password' });

function addUser(refresh) {
  const name = h('input', { name: 'name', required: true, autocomplete: 'off', spellcheck: 'false' });
  const password = secret('password');
  const may = rights();
  const { element } = dialog('Let a user in');
  element.append(form('Let in', async (sent) => {
    await post('users', { name: name.value.trim(), password: password.value, ...may.read(sent) });
    element.close();
    await refresh();
  }, field('Name', name), field('Password', password), may.fields));
}

function renew(name) {
  const password = secret('password');
  const { element } = dialog(`New password for ${name}`);
  element.append(form('Change', async () => {
    await post(`users/${encodeURIComponent(name)}/password`, { password: password.value });
    element.close();
    toast('The password is changed');
  }, field('Password', password, 'The old password stops working at once.')));
}

function addToken(refresh) {
  const note = h('input', { name: 'note', required: true, maxlength: '64', autocomplete: 'off' });
  const end = h('input', { name: 'not_after', type: 'date' });
  const may = rights();
  const { element } = dialog('Make a token');
  element.append(form('Make', async (sent) => {
    const { token } = await post('tokens', { note: note.value.trim(), ...may.read(sent), not_after: end.value ? `${end.value}T00:00:00Z` : undefined });
    element.querySelector('form').replaceWith(h('p', {}, 'The token is shown this once. Keep it where the program finds it.'),
      h('output', { class: 'secret mono', id: 'made-token' }, token),
      h('p', { class: 'actions' }, button('Copy', () => navigator.clipboard.writeText(token).then(() => toast('Copied'), () => toast('The browser refused', 'bad')))));
    await refresh();
  }, field('What it is for', note), may.fields, field('Ends on', end, 'Empty: it never ends.')));
}
