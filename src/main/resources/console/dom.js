// Building blocks of every view. Text is only ever set as text: nothing here, or anywhere, parses markup.

const SPRITE = new URL('icon.svg', import.meta.url).pathname;

/** An element: h('a', {href, class, onclick}, 'text', child, …). Empty children are left out. */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (name === 'value' || name === 'checked' || name === 'disabled') element[name] = value;
    else element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== undefined && child !== null && child !== false));
  return element;
}

export function icon(name) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('aria-hidden', 'true');
  const use = document.createElementNS('http://www.w3.org/2000/svg', 'use');
  use.setAttribute('href', `${SPRITE}#${name}`);
  svg.append(use);
  return svg;
}

export const button = (label, onclick, attributes = {}) => h('button', { type: 'button', onclick, ...attributes }, label);

let fields = 0;

/** A labelled control, with a place below it for a hint. */
export function field(label, control, hint) {
  control.id ||= `field-${++fields}`;
  const note = hint && h('small', { id: `${control.id}-hint` }, hint);
  if (note) control.setAttribute('aria-describedby', note.id);
  return h('div', { class: 'field' }, h('label', { for: control.id }, label), control, note);
}

export function check(label, control) {
  control.id ||= `field-${++fields}`;
  return h('div', { class: 'check' }, control, h('label', { for: control.id }, label));
}

export const select = (name, options, attributes = {}) => h('select', { name, ...attributes },
  options.map(([value, label]) => h('option', { value }, label)));

export const empty = (title, text, ...actions) => h('div', { class: 'empty' },
  h('h2', {}, title), h('p', {}, text), actions.length ? h('p', { class: 'actions' }, actions) : null);

export const tag = (text, kind = '') => h('span', { class: `tag ${kind}` }, text);

/** A form whose submission runs `send`; the button rests meanwhile, a refusal shows inside the form. */
export function form(label, send, ...children) {
  const problem = h('p', { class: 'problem', role: 'alert', hidden: true });
  const submit = h('button', { type: 'submit', class: 'primary' }, label);
  const element = h('form', { novalidate: true }, children, problem, h('p', { class: 'actions' }, submit));
  element.addEventListener('submit', async (event) => {
    event.preventDefault();
    problem.hidden = true;
    const wrong = [...element.elements].find((control) => control.willValidate && !control.checkValidity());
    if (wrong) {
      show(problem, `${labelOf(wrong)}: ${wrong.validationMessage}`);
      wrong.focus();
      return;
    }
    submit.disabled = true;
    try {
      await send(element);
    } catch (error) {
      show(problem, error.message);
    } finally {
      submit.disabled = false;
    }
  });
  return element;
}

function labelOf(control) {
  return control.labels?.[0]?.textContent ?? control.name;
}

export function show(problem, text) {
  problem.textContent = text;
  problem.hidden = false;
}

/** What a page shows in the place of what it could not get; in a list, the tag is li. */
export const refusal = (error, tag = 'p') => h(tag, { class: 'problem', role: 'alert' }, error.message);

/** Runs what a button does, and says so when it is refused. */
export function act(work) {
  return async (event) => {
    const pressed = event?.currentTarget;
    if (pressed) pressed.disabled = true;
    try {
      await work(event);
    } catch (error) {
      toast(error.message, 'bad');
    } finally {
      if (pressed) pressed.disabled = false;
    }
  };
}

export function toast(text, kind = 'good') {
  const note = h('div', { class: `toast ${kind}` }, text);
  document.getElementById('toasts').append(note);
  setTimeout(() => note.remove(), kind === 'bad' ? 8000 : 4000);
}

/** A dialog with a heading and a way out; resolves when it is closed. */
export function dialog(title, ...children) {
  const heading = h('h2', { id: 'dialog-title' }, title);
  const element = h('dialog', { 'aria-labelledby': 'dialog-title' },
    h('header', {}, heading, button(icon('close'), () => element.close(), { class: 'quiet round', 'aria-label': 'Close' })),
    children);
  element.addEventListener('click', (event) => event.target === element && element.close());
  document.body.append(element);
  element.showModal();
  const closed = new Promise((resolve) => element.addEventListener('close', () => {
    element.remove();
    resolve(element.returnValue);
  }));
  return { element, closed };
}

/** Asks before something that cannot be taken back. */
export async function confirmed(title, text, label) {
  const { element, closed } = dialog(title, h('p', {}, text));
  element.append(h('p', { class: 'actions' },
    button('Cancel', () => element.close()),
    button(label, () => element.close('yes'), { class: 'danger' })));
  return await closed === 'yes';
}

const today = () => new Date().toDateString();
const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const seconds = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' });
const day = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });
const longDay = new Intl.DateTimeFormat(undefined, { weekday: 'long', day: 'numeric', month: 'long' });
const exact = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });

/** The time of day, or the date when it was not today; style «clock» is always the time, «seconds» to the second. */
export function when(text, style = 'short') {
  const at = new Date(text);
  const near = at.toDateString() === today();
  const shown = style === 'clock' ? clock.format(at) : !near ? day.format(at) : style === 'seconds' ? seconds.format(at) : clock.format(at);
  return h('time', { datetime: text, title: exact.format(at) }, shown);
}

export const dayOf = (text) => (new Date(text).toDateString() === today() ? 'Today' : longDay.format(new Date(text)));

/** Runs once after calls have ceased for a moment, however many there were. */
export function gathered(work, millis = 250) {
  let timer;
  return () => {
    timer ??= setTimeout(() => {
      timer = undefined;
      work();
    }, millis);
  };
}
