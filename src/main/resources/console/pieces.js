// What is in a message: its words, its file, a place, a card or a poll. In full for the thread, in one line for the list.

import { h, icon, tag } from './dom.js';
import { root } from './gateway.js';

const WORDS = {
  image: 'Photo', video: 'Video', audio: 'Audio', document: 'Document', sticker: 'Sticker', video_note: 'Video note', contact: 'Contact',
  location: 'Location', live_location: 'Live location', poll: 'Poll', poll_vote: 'Vote', list: 'List', order: 'Order',
};

/** One line. */
export function summary(message) {
  const kind = WORDS[message.kind];
  const words = message.poll?.question || message.contact?.name || message.location?.name || message.content || message.filename;
  if (kind) return words ? `${kind}: ${words}` : kind;
  return words || 'No words are kept';
}

export function piece(message) {
  if (message.location) return place(message.location, message.kind);
  if (message.contact) return card(message.contact);
  if (message.poll) return poll(message.poll);
  const plain = ['text', 'link', 'unsupported', undefined].includes(message.kind);
  const file = message.url ? media(message) : !plain ? tag(message.file_pending ? `${WORDS[message.kind]}, not downloaded yet` : WORDS[message.kind] ?? message.kind) : null;
  return [file, message.content ? h('p', {}, message.content) : null];
}

function place({ latitude, longitude, name, address }, kind) {
  const map = new URL('https://www.openstreetmap.org/');
  map.search = new URLSearchParams({ mlat: latitude, mlon: longitude, zoom: 15 });
  return h('div', { class: 'piece' }, h('b', {}, name || WORDS[kind]), address ? h('small', {}, address) : null,
    h('small', { class: 'mono' }, `${latitude}, ${longitude}`),
    h('a', { href: map, target: '_blank', rel: 'noopener noreferrer' }, 'Show on OpenStreetMap'));
}

function card({ name, phone }) {
  const digits = phone.replace(/[^0-9]/g, '');
  return h('div', { class: 'piece' }, h('b', {}, name || 'Contact'), phone ? h('small', { class: 'mono' }, phone) : null,
    digits ? h('a', { href: `#/chats/${encodeURIComponent(`${digits}@s.whatsapp.net`)}` }, 'Write a message') : null);
}

function poll({ question, options, max_answer: most }) {
  return h('div', { class: 'piece' }, h('b', {}, question), h('ul', {}, options.map((option) => h('li', {}, option))),
    h('small', {}, most === 1 ? 'One answer each' : most > 1 ? `Up to ${most} answers each` : 'Any number of answers'));
}

function media(message) {
  const source = new URL(`.${message.url}`, root);
  if (message.media_type === 'image' || message.media_type === 'sticker') {
    return h('a', { href: source, target: '_blank', rel: 'noopener' },
      h('img', { src: source, alt: message.filename || WORDS[message.media_type], loading: 'lazy', class: message.media_type }));
  }
  if (message.media_type === 'audio') return h('audio', { src: source, controls: true, preload: 'none', 'aria-label': 'Audio' });
  if (message.media_type === 'video' || message.media_type === 'video_note') return h('video', { src: source, controls: true, preload: 'metadata', 'aria-label': 'Video' });
  return h('a', { class: 'file', href: source, download: message.filename || true }, icon('file'), message.filename || message.media_type,
    h('small', {}, `${Math.ceil(message.file_length / 1024)} kB`));
}
