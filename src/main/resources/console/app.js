// The frame around the views: which one is shown, which device they are for, and how the connection to the gateway is.

import { h, empty, button } from './dom.js';
import { gateway, connect, refreshState, choose, current, on } from './gateway.js';
import { chats } from './chats.js';
import { compose } from './compose.js';
import { devices } from './devices.js';
import { webhooks } from './webhooks.js';
import { contacts, profile } from './people.js';
import { groups } from './groups.js';
import { access } from './access.js';
import { posture } from './posture.js';
import { sandbox, health } from './operations.js';

const VIEWS = { chats, compose, contacts, groups, devices, profile, webhooks, access, posture, sandbox, health };
const main = document.getElementById('main');
let leave = () => {};

/** `#/chats/123@s.whatsapp.net` is the view and the words after it. */
function where() {
  const [name, ...words] = location.hash.replace(/^#\/?/, '').split('/').map(decodeURIComponent);
  return { name: VIEWS[name] ? name : 'chats', words };
}

function show(focus) {
  leave();
  const { name, words } = where();
  const view = VIEWS[name];
  for (const link of document.querySelectorAll('nav a')) {
    if (link.getAttribute('href') === `#/${name}`) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
  document.title = `${view.title} · WhatsApp Gateway`;
  main.className = name;
  main.replaceChildren();
  leave = view.mount(main, words) ?? (() => {});
  if (focus) (main.querySelector('[data-first]') ?? main).focus({ preventScroll: true });
  document.querySelector('nav [aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
}

function frame() {
  const { state } = gateway;
  document.getElementById('engine').hidden = !state.sandbox;
  document.getElementById('rehearsal').hidden = !state.rehearsal;
  document.getElementById('nav-sandbox').hidden = !state.sandbox;
  const label = document.getElementById('devices');
  label.hidden = state.devices.length < 2;
  const list = label.querySelector('select');
  list.replaceChildren(...state.devices.map((device) => h('option', { value: device.id }, device.id)));
  list.value = gateway.device;
  line();
}

const WORDS = { logged_in: 'connected', connecting: 'reconnecting…', disconnected: 'not paired', held: 'held: messages wait' };
let live = false;

function line() {
  const element = document.getElementById('line');
  const device = current();
  const state = !live ? 'offline' : device?.held ? 'held' : device?.state ?? 'disconnected';
  element.dataset.state = state;
  element.querySelector('span').textContent = WORDS[state] ?? 'no live updates';
}

async function start() {
  try {
    await refreshState();
  } catch (error) {
    main.replaceChildren(empty('The gateway cannot be used', error.message, button('Try again', () => location.reload())));
    return;
  }
  document.querySelector('#devices select').addEventListener('change', (event) => {
    choose(event.target.value);
    show(false);
  });
  addEventListener('hashchange', () => show(true));
  on('STATE', frame);
  on('CONNECTION', () => refreshState().catch(() => {}));
  on('FEED', (opened) => {
    // What happened while nobody listened has to be asked for.
    if (opened && !live) refreshState().catch(() => {});
    live = opened;
    line();
  });
  frame();
  show(false);
  connect();
}

start();
