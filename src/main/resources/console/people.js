// The account's contacts, what WhatsApp knows of a number, and what others see of the account.

import { h, button, tag, toast, field, form, empty, gathered, refusal } from './dom.js';
import { call, get, post, gateway, current, root } from './gateway.js';
import { number } from './names.js';

const chatLink = (jid) => h('a', { class: 'button', href: `#/chats/${encodeURIComponent(jid)}` }, 'Write');

/** What a page shows instead of its lists while no phone is paired. */
export const notPaired = () => empty('No account is paired yet', 'Pair this device with a phone first.',
  h('a', { class: 'button primary', href: '#/devices' }, 'Pair a device'));

export const contacts = {
  title: 'Contacts',
  mount(main) {
    if (current()?.state === 'disconnected') {
      main.replaceChildren(notPaired());
      return;
    }
    const list = h('ul', { class: 'rows', id: 'contact-list' });
    const search = h('input', { type: 'search', placeholder: 'Search contacts', 'aria-label': 'Search contacts' });
    let all = [];
    const draw = () => {
      const wanted = search.value.trim().toLowerCase();
      const found = all.filter(({ jid, name }) => `${name} ${jid}`.toLowerCase().includes(wanted));
      list.replaceChildren(...found.slice(0, 200).map(({ jid, name }) => h('li', {},
        h('span', { class: 'who' }, h('b', {}, name || number(jid)), h('small', {}, jid)), chatLink(jid))));
      if (!found.length) list.replaceChildren(h('li', { class: 'note' }, all.length ? 'No contact matches.' : 'The address book is empty.'));
      if (found.length > 200) list.append(h('li', { class: 'note' }, `${found.length - 200} more: search for a name.`));
    };
    search.addEventListener('input', gathered(draw, 100));
    get('user/my/contacts').then(({ data }) => {
      all = data;
      draw();
    }, (error) => list.replaceChildren(refusal(error, 'li')));
    main.replaceChildren(h('div', { class: 'page stack' }, h('h1', {}, 'Contacts'),
      h('section', { class: 'card' }, h('h2', {}, 'Look up a number'), lookUp()),
      h('section', { class: 'card' }, h('h2', {}, 'Address book'), search, list)));
  },
};

function lookUp() {
  const phone = h('input', { name: 'phone', required: true, inputmode: 'tel', autocomplete: 'off', placeholder: '6281234567890' });
  const found = h('div', { role: 'status' });
  return h('div', {}, form('Look up', async () => {
    const asked = phone.value.trim();
    found.replaceChildren();
    const { is_on_whatsapp: there } = await get('user/check', { phone: asked });
    if (!there) {
      found.replaceChildren(tag('Not on WhatsApp', 'warn'));
      return;
    }
    const info = await get('user/info', { phone: asked });
    const jid = asked.includes('@') ? asked : `${asked.replace(/^\+/, '')}@s.whatsapp.net`;
    found.replaceChildren(tag('On WhatsApp', 'good'), h('dl', { class: 'checks' },
      h('dt', {}, 'Business name'), h('dd', {}, info.verified_name || 'none'), h('dt', {}, 'About'), h('dd', {}, info.status || 'not shown'),
      h('dt', {}, 'Devices'), h('dd', {}, String(info.devices.length))), h('p', { class: 'actions' }, chatLink(jid)));
  }, field('Phone number', phone, 'With its country code.')), found);
}

const PRIVACY = { group_add: 'May add this account to groups', last_seen: 'See when it was last there', status: 'See its status', profile: 'See its picture', read_receipts: 'See that a message was read' };

export const profile = {
  title: 'Profile',
  mount(main) {
    const device = current();
    if (!device || device.state === 'disconnected') {
      main.replaceChildren(notPaired());
      return;
    }
    const picture = h('div', { id: 'portrait' });
    const showPicture = async () => {
      try {
        const { url } = await get('user/avatar', { phone: device.jid });
        const own = new URL(url, root);
        // The policy of this page shows files of the gateway only.
        picture.replaceChildren(own.pathname.includes('/statics/')
          ? h('img', { class: 'portrait', alt: 'Profile picture', src: new URL(`.${own.pathname.slice(own.pathname.indexOf('/statics/'))}`, root) })
          : h('p', { class: 'note' }, 'WhatsApp has a picture of this account.'));
      } catch (error) {
        picture.replaceChildren(h('p', { class: 'note' }, error.status === 404 ? 'No picture.' : error.message));
      }
    };
    const name = h('input', { name: 'push_name', required: true, maxlength: '25', autocomplete: 'off' });
    const file = h('input', { name: 'avatar', type: 'file', accept: 'image/jpeg,image/png', required: true });
    const privacy = h('dl', { class: 'checks' });
    get('user/my/privacy').then((now) => privacy.replaceChildren(...Object.entries(PRIVACY).flatMap(([key, label]) =>
      [h('dt', {}, label), h('dd', {}, tag(now[key] || 'unknown'))])), (error) => privacy.replaceChildren(refusal(error)));
    get('app/devices').then((found) => { name.value = found?.[0]?.name ?? ''; }, () => {});
    main.replaceChildren(h('div', { class: 'page stack' }, h('h1', {}, 'Profile'), h('p', { class: 'mono' }, device.jid),
      h('section', { class: 'card' }, h('h2', {}, 'Name'), form('Save the name', async () => {
        await post('user/pushname', { push_name: name.value.trim() });
        toast('The name is changed');
      }, field('What others see', name))),
      h('section', { class: 'card' }, h('h2', {}, 'Picture'), picture, form('Change the picture', async (element) => {
        await call('POST', 'user/avatar', new FormData(element));
        element.reset();
        toast('The picture is changed');
        await showPicture();
      }, field('Picture', file, 'JPEG or PNG; it becomes a square.'))),
      h('section', { class: 'card' }, h('h2', {}, 'Who may'), privacy,
        h('p', { class: 'note' }, `Changed on the phone. These are the settings of ${gateway.device}.`)),
      h('p', { class: 'actions' }, button('Read them again', () => profile.mount(main)))));
    showPicture();
  },
};
