// The chat list and one thread beside it. A frame of the live feed says that something changed; the API says what.

import { h, icon, button, empty, when, dayOf, act, toast, dialog, confirmed, field, form, gathered, refusal } from './dom.js';
import { get, post, call, on, current, gateway } from './gateway.js';
import { nameOf, number, learn } from './names.js';
import { piece, summary } from './pieces.js';

/** How far outgoing messages came, as the live feed told since the page was opened. */
const progress = new Map();
/** The newest message that was looked at in each chat: nobody is told that it was read, but this page counts it no more. */
const seen = new Map();
const RANK = { accepted: 1, sent: 2, delivered: 3, read: 4, failed: 5 };

function came(id, stage) {
  if ((RANK[stage] ?? 0) > (RANK[progress.get(id)] ?? 0)) progress.set(id, stage);
}
on('OUTBOX', (moved) => came(moved.id, moved.state));
on('RECEIPT', (receipt) => receipt.ids.forEach((id) => came(id, receipt.kind)));
const PAGE = 50;
/** Where a focused field would open a keyboard over the messages. */
const TOUCH = matchMedia('(pointer: coarse)').matches;
const initials = (name) => (/^[+\d]/.test(name) ? '#' : [...name][0].toUpperCase());

export const chats = {
  title: 'Chats',
  mount(main, [jid]) {
    const search = h('input', { type: 'search', placeholder: 'Search chats', 'aria-label': 'Search chats' });
    const list = h('ul', { class: 'chat-list', 'aria-label': 'Chats' });
    let limit = PAGE;
    const refresh = async () => {
      try {
        const { data, pagination } = await get('chats', { limit, search: search.value.trim(), preview: true });
        draw(list, data, jid, search.value);
        if (pagination.total > data.length && limit < 100) {
          list.append(h('li', {}, button('Show more', () => { limit = 100; refresh(); }, { class: 'quiet' })));
        }
      } catch (error) {
        list.replaceChildren(h('li', { class: 'problem' }, error.message));
      }
    };
    const soon = gathered(refresh);
    search.addEventListener('input', soon);
    const side = h('section', { class: 'side' }, h('header', {}, h('h1', {}, 'Chats'),
      h('a', { class: 'button round', href: '#/compose', 'aria-label': 'New message', title: 'New message' }, icon('attach'))), search, list);
    const thread = jid ? openThread(jid) : { element: nothingChosen(), leave() {} };
    main.replaceChildren(side, thread.element);
    main.classList.toggle('chosen', Boolean(jid));
    refresh();
    learn(soon);
    const ends = [on('MESSAGE', soon), on('OUTBOX', soon), on('RECEIPT', soon), on('FEED', (open) => open && soon())];
    return () => {
      ends.forEach((end) => end());
      thread.leave();
    };
  },
};

function draw(list, data, chosen, searched) {
  if (!data.length) {
    list.replaceChildren(h('li', { class: 'note' }, searched ? 'No chat matches.' : 'No chats yet.'));
    return;
  }
  const focused = list.contains(document.activeElement) && document.activeElement.getAttribute('href');
  list.replaceChildren(...data.map((chat) => entry(chat, chosen)));
  // Whoever walks through the list by keyboard stays where they are when it is drawn anew.
  if (focused) list.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
}

function entry(chat, chosen) {
  const last = chat.last_message;
  const name = nameOf(chat.jid, chat.name);
  if (chat.jid === chosen && last) seen.set(chat.jid, last.id);
  const news = last && seen.get(chat.jid) === last.id ? 0 : chat.unread_count ?? 0;
  const count = news >= 100 ? '99+' : news;
  return h('li', {},
    h('a', { href: `#/chats/${encodeURIComponent(chat.jid)}`, 'aria-current': chat.jid === chosen ? 'true' : null },
      h('span', { class: 'avatar', 'aria-hidden': 'true' }, chat.jid.endsWith('@g.us') ? '◎' : initials(name)),
      h('span', { class: 'who' }, h('b', {}, name), h('small', { class: 'preview' },
        last ? [tick(last), h('span', {}, chat.jid.endsWith('@g.us') && !last.is_from_me ? `${nameOf(last.sender_jid)}: ` : '', summary(last))]
          : h('span', {}, number(chat.jid)))),
      h('span', { class: 'meta' }, when(chat.last_message_time),
        news ? h('span', { class: 'count' }, count, h('span', { class: 'hidden' }, ' unread')) : null)));
}

function nothingChosen() {
  if (current()?.state === 'disconnected') {
    return h('section', { class: 'thread' }, empty('No account is paired yet',
      'Pair this gateway with a phone, then messages appear here.', h('a', { class: 'button primary', href: '#/devices' }, 'Pair a device')));
  }
  return h('section', { class: 'thread none' }, empty('Choose a chat', 'Or write to somebody new.',
    h('a', { class: 'button', href: '#/compose' }, 'Compose a message')));
}

function openThread(jid) {
  const title = h('h2', {}, nameOf(jid));
  const unread = button('Mark as read', act(async () => {
    await post(`message/${encodeURIComponent(newestIn)}/read`, { phone: jid });
    unread.hidden = true;
    toast('Marked as read');
  }), { hidden: true });
  let newestIn;
  let pinned = true;
  const drawn = new Map();
  const log = h('div', { class: 'log', role: 'log', 'aria-label': 'Messages', tabindex: '0', 'data-first': TOUCH });
  // A picture has no height until it is here: whoever was at the newest message stays there.
  const stay = () => { if (pinned) log.scrollTop = log.scrollHeight; };
  for (const loaded of ['load', 'loadedmetadata', 'error']) log.addEventListener(loaded, stay, true);
  // The event comes a moment after the scrolling. A picture that came meanwhile has made the log longer, and nobody scrolled up.
  let top = 0;
  log.addEventListener('scroll', () => {
    if (log.scrollHeight - log.scrollTop - log.clientHeight < 80) pinned = true;
    else if (log.scrollTop < top) pinned = false;
    top = log.scrollTop;
  });
  const words = h('textarea', { rows: '1', placeholder: 'Write a message', 'aria-label': 'Message', maxlength: '4096', name: 'message', 'data-first': !TOUCH });
  const answering = h('div', { class: 'answering', hidden: true });
  let replyTo;
  let limit = PAGE;
  let shown = '';

  const reply = (message) => {
    replyTo = message?.id;
    answering.hidden = !message;
    if (!message) return;
    answering.replaceChildren(h('span', {}, 'Reply to: ', message.content || message.kind || 'message'),
      button(icon('close'), () => reply(), { class: 'quiet round', 'aria-label': 'Do not reply' }));
    words.focus();
  };

  const refresh = async () => {
    try {
      const { data, pagination, chat_info: chat } = await get(`chat/${encodeURIComponent(jid)}/messages`, { limit });
      title.textContent = nameOf(jid, chat.name);
      // Whoever has written since has read, too.
      const came = data[0] && !data[0].is_from_me ? data[0].id : undefined;
      if (came !== newestIn) unread.hidden = !came;
      newestIn = came;
      drawLog(data, pagination.total > data.length);
    } catch (error) {
      if (error.status === 404) log.replaceChildren(empty('No messages yet', 'Write the first one below.'));
      else log.replaceChildren(refusal(error));
    }
  };

  function drawLog(data, more) {
    const newest = data[0]?.id ?? '';
    const nodes = [];
    let lastDay;
    for (const message of data.toReversed()) {
      const day = dayOf(message.timestamp);
      if (day !== lastDay) nodes.push(h('p', { class: 'day' }, day));
      lastDay = day;
      // What has not changed stays, with its pictures, its place and the focus.
      const text = JSON.stringify([message, progress.get(message.id)]);
      if (drawn.get(message.id)?.text !== text) drawn.set(message.id, { text, node: bubble(message, jid, reply, refresh) });
      nodes.push(drawn.get(message.id).node);
    }
    if (more && limit < 100) {
      nodes.unshift(button('Show older messages', () => { limit = 100; refresh(); }, { class: 'quiet' }));
    }
    const focused = log.contains(document.activeElement) && document.activeElement;
    log.replaceChildren(...nodes);
    if (focused && log.contains(focused)) focused.focus({ preventScroll: true });
    if (newest !== shown) pinned = true;
    stay();
    shown = newest;
  }

  const send = act(async () => {
    const message = words.value;
    if (!message.trim()) return;
    words.value = '';
    grow();
    try {
      const body = { phone: jid, message };
      if (replyTo) body.reply_message_id = replyTo;
      await post('send/message', body);
      reply();
      await refresh();
    } catch (error) {
      words.value ||= message;
      throw error;
    }
  });
  const grow = () => {
    words.rows = Math.min(6, words.value.split('\n').length);
  };
  words.addEventListener('input', grow);
  words.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      send();
    }
  });

  const element = h('section', { class: 'thread', 'aria-label': 'Thread' },
    h('header', {},
      h('a', { class: 'button quiet round back', href: '#/chats', 'aria-label': 'Back to chats' }, icon('back')),
      h('div', {}, title, h('small', {}, jid)), h('p', { class: 'actions' }, unread)),
    log, answering,
    h('div', { class: 'write' },
      h('a', { class: 'button quiet round', href: `#/compose/image/${encodeURIComponent(jid)}`, 'aria-label': 'Send something else' }, icon('attach')),
      words,
      button(icon('send'), send, { class: 'primary round', 'aria-label': 'Send' })));

  const soon = gathered(refresh);
  const here = (frame) => (frame.chat_jid === undefined || frame.chat_jid === jid) && frame.device_id === gateway.device && soon();
  const ends = ['MESSAGE', 'RECEIPT', 'OUTBOX'].map((code) => on(code, here));
  ends.push(on('FEED', (open) => open && soon()));
  refresh();
  return { element, leave: () => ends.forEach((end) => end()) };
}

const TICKS = { accepted: ['🕓', 'waiting'], sent: ['✓', 'sent'], delivered: ['✓✓', 'delivered'], read: ['✓✓', 'read'], failed: ['!', 'not sent'] };

/** How far an own message came: what the chat says of it, and what the live feed told since. */
function tick(message) {
  if (!message.is_from_me) return null;
  const kept = message.status === 'waiting' ? 'accepted' : 'sent';
  const [sign, word] = TICKS[message.status === 'failed' ? 'failed' : progress.get(message.id) ?? kept];
  return h('span', { class: `tick ${word}`, title: word }, h('span', { 'aria-hidden': 'true' }, sign), h('span', { class: 'hidden' }, word));
}

function bubble(message, jid, reply, refresh) {
  const group = jid.endsWith('@g.us');
  return h('article', { class: `bubble ${message.is_from_me ? 'mine' : 'theirs'}`, 'data-id': message.id },
    group && !message.is_from_me ? h('b', { class: 'sender' }, nameOf(message.sender_jid)) : null,
    piece(message),
    message.failure ? h('p', { class: 'problem' }, message.failure) : null,
    message.reactions ? h('p', { class: 'reactions' }, message.reactions.map((reaction) => reaction.emoji).join(' ')) : null,
    h('footer', {}, message.starred ? h('span', { class: 'star', title: 'starred' }, '★', h('span', { class: 'hidden' }, 'starred')) : null,
      when(message.timestamp, 'clock'), tick(message),
      button(icon('more'), () => actions(message, jid, reply, refresh), { class: 'quiet round', 'aria-label': 'Message actions' })));
}

const EMOJI = ['👍', '❤️', '😂', '😮', '😢', '🙏'];

function actions(message, jid, reply, refresh) {
  const path = `message/${encodeURIComponent(message.id)}`;
  const { element } = dialog('Message');
  const done = (label, work) => button(label, act(async () => {
    await work();
    element.close();
    await refresh();
  }));
  const also = (fields) => ({ phone: jid, ...fields });
  element.append(
    h('div', { class: 'emoji', role: 'group', 'aria-label': 'React' }, EMOJI.map((emoji) =>
      done(emoji, () => post(`${path}/reaction`, also({ emoji }))))),
    h('div', { class: 'menu' },
      button('Reply', () => { element.close(); reply(message); }),
      button('Copy the id', act(async () => { await navigator.clipboard.writeText(message.id); toast('Copied'); })),
      button('Forward…', () => { element.close(); forward(path); }),
      message.is_from_me ? button('Edit…', () => { element.close(); edit(path, message, jid, refresh); })
        : done('Mark as read', () => post(`${path}/read`, also())),
      message.starred ? done('Remove the star', () => post(`${path}/unstar`, also())) : done('Star', () => post(`${path}/star`, also())),
      message.is_from_me ? button('Take back for everybody', act(async () => {
        element.close();
        if (await confirmed('Take this message back?', 'It disappears from everybody’s phone.', 'Take back')) {
          await post(`${path}/revoke`, also());
          await refresh();
        }
      }), { class: 'danger' }) : null,
      button('Delete for me', act(async () => {
        element.close();
        if (await confirmed('Delete this message?', 'It is removed from this account only, for good.', 'Delete')) {
          await post(`${path}/delete`, also());
          await refresh();
        }
      }), { class: 'danger' })),
    h('p', { class: 'note mono' }, message.id));
}

function edit(path, message, jid, refresh) {
  const words = h('textarea', { name: 'message', rows: '4', maxlength: '4096', required: true, value: message.content });
  const { element } = dialog('Edit the message');
  element.append(form('Save', async () => {
    await post(`${path}/update`, { phone: jid, message: words.value });
    element.close();
    await refresh();
  }, field('Message', words)));
}

function forward(path) {
  const to = h('input', { name: 'phone', required: true, inputmode: 'tel', autocomplete: 'off' });
  const { element } = dialog('Forward the message');
  element.append(form('Forward', async () => {
    const { message_id: id } = await call('POST', `${path}/forward`, { phone: to.value.trim() });
    element.close();
    toast(`Forwarded as ${id}`);
  }, field('To', to, 'A number with its country code, or a group’s address.')));
}
