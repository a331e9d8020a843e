// Names of people and groups: those of the account's address book before those that somebody gave themselves.

import { get, gateway, current } from './gateway.js';

const books = new Map();
/** The number of a person, or the id of a group or channel. */
export const number = (jid) => jid.split('@')[0];

/** The name of this person, group or channel; `given` is what the chat is called, its number when nobody named it. */
export function nameOf(jid, given = '') {
  const known = books.get(gateway.device)?.get(jid);
  return known || given || number(jid);
}

/** Asks once for each device that is connected, and calls `work` when there is something new to show. */
export function learn(work) {
  const device = gateway.device;
  if (books.has(device) || current()?.state !== 'logged_in') return;
  const book = new Map();
  books.set(device, book);
  const take = (path, rows) => get(path).then(({ data }) => {
    rows(data).forEach(([jid, name]) => name && book.set(jid, name));
    work();
    // What was not answered is asked again by the next view.
  }, () => books.delete(device));
  take('user/my/contacts', (data) => data.map((contact) => [contact.jid, contact.name]));
  take('user/my/groups', (data) => data.map((group) => [group.JID, group.Name]));
}
