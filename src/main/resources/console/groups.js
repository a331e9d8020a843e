// The groups of an account: making and joining one, its members, its rules and its link.

import { h, button, tag, act, toast, dialog, confirmed, field, check, form, when, refusal } from './dom.js';
import { get, post, current } from './gateway.js';
import { notPaired } from './people.js';
import { nameOf } from './names.js';

const lines = (control) => control.value.split(/[\n,]/).map((line) => line.trim()).filter(Boolean);
const place = (jid) => `#/groups/${encodeURIComponent(jid)}`;

export const groups = {
  title: 'Groups',
  mount(main, [jid]) {
    if (current()?.state === 'disconnected') {
      main.replaceChildren(notPaired());
      return;
    }
    if (jid) one(main, jid);
    else all(main);
  },
};

function all(main) {
  const list = h('ul', { class: 'rows', id: 'group-list' }, h('li', { class: 'note' }, '…'));
  get('user/my/groups').then(({ data }) => list.replaceChildren(...data.length ? data.map((group) => h('li', {},
    h('span', { class: 'who' }, h('b', {}, group.Name), h('small', {}, `${group.Participants.length} members`, group.Topic ? ` · ${group.Topic}` : '')),
    h('a', { class: 'button', href: `#/chats/${encodeURIComponent(group.JID)}`, 'aria-label': `Write to ${group.Name}` }, 'Write'),
    h('a', { class: 'button', href: place(group.JID), 'aria-label': `Manage ${group.Name}` }, 'Manage'))) : [h('li', { class: 'note' }, 'This account is in no group.')]),
  (error) => list.replaceChildren(refusal(error, 'li')));
  main.replaceChildren(h('div', { class: 'page' },
    h('header', { class: 'head' }, h('h1', {}, 'Groups'), button('Join by link…', join), button('New group…', create, { class: 'primary' })),
    h('section', { class: 'card' }, list)));
}

function create() {
  const title = h('input', { name: 'title', required: true, maxlength: '25', autocomplete: 'off' });
  const members = h('textarea', { name: 'participants', required: true, rows: '4', spellcheck: 'false' });
  const { element } = dialog('New group');
  element.append(form('Make the group', async () => {
    const { group_id: id } = await post('group', { title: title.value.trim(), participants: lines(members) });
    element.close();
    location.hash = place(id);
  }, field('Name', title), field('Members', members, 'One phone number a line, with its country code.')));
}

function join() {
  const link = h('input', { name: 'link', type: 'url', required: true, placeholder: 'https://chat.whatsapp.com/…', autocomplete: 'off' });
  const about = h('p', { class: 'note', role: 'status' });
  const { element } = dialog('Join by link');
  element.append(form('Join', async () => {
    const { group_id: id } = await post('group/join-with-link', { link: link.value.trim() });
    element.close();
    location.hash = place(id);
  }, field('Invite link', link), about, button('Look first', act(async () => {
    const group = await get('group/info-from-link', { link: link.value.trim() });
    about.textContent = `${group.name}: ${group.participant_count} members. ${group.topic}`;
  }))));
}

async function one(main, jid) {
  const page = h('div', { class: 'page stack' });
  main.replaceChildren(page);
  try {
    const group = await get('group/info', { group_id: jid });
    const again = () => one(main, jid);
    page.replaceChildren(
      h('header', { class: 'head' }, h('h1', {}, group.Name), h('a', { class: 'button', href: '#/groups' }, 'All groups'),
        h('a', { class: 'button primary', href: `#/chats/${encodeURIComponent(jid)}` }, 'Write')),
      h('p', { class: 'note' }, h('span', { class: 'mono' }, jid), ' · made ', when(group.GroupCreated)),
      h('section', { class: 'card' }, h('h2', {}, `Members (${group.Participants.length})`), members(jid, group, again)),
      h('section', { class: 'card', id: 'requests', hidden: true }),
      h('section', { class: 'card' }, h('h2', {}, 'About'), about(jid, group, again)),
      h('section', { class: 'card' }, h('h2', {}, 'Invite link'), invite(jid)),
      h('section', { class: 'card' }, h('h2', {}, 'Leave'), h('p', { class: 'actions' }, button('Leave the group…', act(async () => {
        if (!await confirmed(`Leave ${group.Name}?`, 'Only a member can let this account in again.', 'Leave')) return;
        await post('group/leave', { group_id: jid });
        location.hash = '#/groups';
      }), { class: 'danger' }))));
    asked(page.querySelector('#requests'), jid, again);
  } catch (error) {
    page.replaceChildren(h('h1', {}, 'Group'), refusal(error), h('p', {}, h('a', { href: '#/groups' }, 'All groups')));
  }
}

/** Says what became of each, because WhatsApp may do it to some only. */
function change(path, jid, people, again) {
  return act(async () => {
    const outcomes = await post(path, { group_id: jid, participants: people() });
    for (const outcome of outcomes ?? []) {
      if (outcome.status !== 'success') toast(`${nameOf(outcome.participant)}: ${outcome.message}`, 'bad');
    }
    await again();
  });
}

function members(jid, group, again) {
  const added = h('input', { name: 'participants', required: true, inputmode: 'tel', autocomplete: 'off' });
  return h('div', {}, h('ul', { class: 'rows' }, group.Participants.map((member) => {
    const name = nameOf(member.JID, member.DisplayName);
    const only = () => [member.JID];
    return h('li', {}, h('span', { class: 'who' }, h('b', {}, name), h('small', {}, member.JID)),
      member.IsSuperAdmin ? tag('Owner', 'good') : member.IsAdmin ? tag('Admin', 'good') : null,
      member.IsSuperAdmin ? null : member.IsAdmin
        ? button('Not admin', change('group/participants/demote', jid, only, again), { 'aria-label': `Take the admin’s rights from ${name}` })
        : button('Make admin', change('group/participants/promote', jid, only, again), { 'aria-label': `Make ${name} an admin` }),
      member.IsSuperAdmin ? null : button('Remove', change('group/participants/remove', jid, only, again), { class: 'danger', 'aria-label': `Remove ${name}` }));
  })), form('Add', async () => { await change('group/participants', jid, () => lines(added), again)(); },
    field('Add members', added, 'Phone numbers with their country codes, with commas between them.')));
}

function about(jid, group, again) {
  const name = h('input', { name: 'name', required: true, maxlength: '25', value: group.Name, autocomplete: 'off' });
  const topic = h('textarea', { name: 'topic', rows: '2', maxlength: '2048', value: group.Topic });
  const locked = h('input', { name: 'locked', type: 'checkbox', checked: group.IsLocked });
  const announce = h('input', { name: 'announce', type: 'checkbox', checked: group.IsAnnounce });
  return form('Save', async () => {
    if (name.value.trim() !== group.Name) await post('group/name', { group_id: jid, name: name.value.trim() });
    if (topic.value.trim() !== group.Topic) await post('group/topic', { group_id: jid, topic: topic.value.trim() });
    if (locked.checked !== group.IsLocked) await post('group/locked', { group_id: jid, locked: locked.checked });
    if (announce.checked !== group.IsAnnounce) await post('group/announce', { group_id: jid, announce: announce.checked });
    toast('Saved');
    await again();
  }, field('Name', name), field('Topic', topic), check('Only admins may change these', locked), check('Only admins may write', announce));
}

function invite(jid) {
  const shown = h('output', { class: 'secret mono', hidden: true });
  const ask = (reset) => act(async () => {
    if (reset && !await confirmed('Make a new link?', 'The old link stops working at once.', 'Make a new one')) return;
    const { invite_link: link } = await get('group/invite-link', { group_id: jid, reset: reset || undefined });
    shown.textContent = link;
    shown.hidden = false;
  });
  return h('div', {}, shown, h('p', { class: 'actions' }, button('Show the link', ask(false)), button('New link…', ask(true), { class: 'danger' })));
}

async function asked(section, jid, again) {
  const waiting = await get('group/participant-requests', { group_id: jid }).catch(() => []);
  if (!waiting?.length) return;
  section.hidden = false;
  section.replaceChildren(h('h2', {}, 'Want to come in'), h('ul', { class: 'rows' }, waiting.map(({ jid: person, requested_at: at }) => h('li', {},
    h('span', { class: 'who' }, h('b', {}, nameOf(person)), h('small', {}, when(at))),
    button('Let in', change('group/participant-requests/approve', jid, () => [person], again), { 'aria-label': `Let ${nameOf(person)} in` }),
    button('Turn away', change('group/participant-requests/reject', jid, () => [person], again), { class: 'danger', 'aria-label': `Turn ${nameOf(person)} away` })))));
}
