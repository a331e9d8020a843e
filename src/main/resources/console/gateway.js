// The gateway as the page sees it: its API, with the credentials the browser keeps, and its live feed.

/** Where the gateway's routes start: the page's own folder. */
export const root = new URL('.', location.href.split('#')[0]);

/** Which device requests are for, and what the gateway said of itself. */
export const gateway = { state: undefined, device: undefined };

export class Refusal extends Error {
  constructor(status, code, message) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

const rest = (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

/** Asks the API and returns `results`. A look that came too fast is tried again; nothing else is ever done twice. */
export async function call(method, path, body, { device = gateway.device, again = 2 } = {}) {
  const headers = { 'X-Requested-With': 'console' };
  if (device) headers['X-Device-Id'] = encodeURIComponent(device);
  if (body !== undefined && !(body instanceof FormData)) headers['Content-Type'] = 'application/json';
  let answer;
  try {
    answer = await fetch(new URL(path, root), {
      method,
      headers,
      body: body === undefined || body instanceof FormData ? body : JSON.stringify(body),
    });
  } catch {
    throw new Refusal(0, 'UNREACHABLE', 'The gateway does not answer. Is it running?');
  }
  if (answer.status === 429 && method === 'GET' && again > 0) {
    await rest(Number(answer.headers.get('Retry-After')) || 1);
    return call(method, path, body, { device, again: again - 1 });
  }
  const reply = await answer.json().catch(() => ({ code: 'UNREADABLE', message: `The gateway answered ${answer.status}.` }));
  if (reply.code === 'AUTHENTICATION_ERROR') reply.message = 'The phone is not paired or not connected; see Devices.';
  if (!answer.ok) throw new Refusal(answer.status, reply.code, reply.message);
  return reply.results;
}

export const get = (path, parameters = {}) => {
  const query = new URLSearchParams(Object.entries(parameters).filter(([, value]) => value !== undefined && value !== ''));
  return call('GET', query.size ? `${path}?${query}` : path);
};
export const post = (path, body = {}) => call('POST', path, body);

/** Asks anew what the gateway is and which devices it has, and tells whoever listens for `STATE`. */
export async function refreshState() {
  const before = JSON.stringify(gateway.state);
  gateway.state = await get('console/state');
  const ids = gateway.state.devices.map((device) => device.id);
  if (!ids.includes(gateway.device)) gateway.device = ids.includes(kept()) ? kept() : ids[0];
  if (JSON.stringify(gateway.state) !== before) tell('STATE', gateway.state);
}

const kept = () => sessionStorage.getItem('device');

export function choose(device) {
  gateway.device = device;
  sessionStorage.setItem('device', device);
  tell('STATE', gateway.state);
}

export const current = () => gateway.state?.devices.find((device) => device.id === gateway.device);

const listeners = new Map();

/** Calls `work` with the result of each frame of this code; returns what ends that. */
export function on(code, work) {
  if (!listeners.has(code)) listeners.set(code, new Set());
  listeners.get(code).add(work);
  return () => listeners.get(code).delete(work);
}

function tell(code, result) {
  listeners.get(code)?.forEach((work) => work(result));
}

let wait = 1;
export let open = false;

/** Opens the live feed and keeps it open; `FEED` tells true or false. */
export function connect() {
  const address = new URL('ws', root);
  address.protocol = address.protocol.replace('http', 'ws');
  const socket = new WebSocket(address);
  socket.addEventListener('open', () => {
    wait = 1;
    open = true;
    tell('FEED', true);
  });
  socket.addEventListener('message', (event) => {
    const frame = JSON.parse(event.data);
    tell(frame.code, frame.result);
  });
  socket.addEventListener('close', () => {
    open = false;
    tell('FEED', false);
    setTimeout(connect, wait * 1000);
    wait = Math.min(wait * 2, 30);
  });
}
