// The page of the machine's posture: what its kept reports say about the guides' checklists.

import { h, button, tag, act, when, empty, refusal } from './dom.js';
import { get } from './gateway.js';

const SVG = 'http://www.w3.org/2000/svg';
const DAY = 86_400_000;
const DAYS = 90;
/** The verdicts that a person has to look at, the worst one first, with the look of their tags. */
const OPEN = { fail: 'bad', unknown: 'sandbox', warn: 'warn' };
const LOOKS = { ...OPEN, pass: 'good', not_applicable: '' };
const PHASES = { post: 'Daily', weekly: 'Weekly', monthly: 'Monthly', quarterly: 'Quarterly' };
const STANDINGS = { holds: ['holds', 'good'], ends_soon: ['ends soon', 'warn'], over: ['over', 'bad'], absent: ['nobody has said so', 'bad'], not_valid: ['not valid', 'bad'], unreadable: ['cannot be read', 'bad'] };
const AREAS = { access: 'Access', api: 'API', backup: 'Backups', database: 'Database', logs: 'Logs', network: 'Network', people: 'People', probes: 'Probes', settings: 'Settings', system: 'System', tls: 'TLS', webhooks: 'Webhooks' };
const words = (verdict) => verdict.replace('_', ' ');

export const posture = {
  title: 'Posture',
  mount(main) {
    const body = h('div', { class: 'stack' });
    const refresh = async () => {
      try {
        const now = await get('console/posture');
        body.replaceChildren(...troubles(now.troubles), ...now.nothing ? [none(now.nothing)] : found(now), attestations(now.attestations), reports(now.reports));
      } catch (error) {
        body.replaceChildren(refusal(error));
      }
    };
    main.replaceChildren(h('div', { class: 'page wide' },
      h('header', { class: 'head' }, h('h1', {}, 'Posture'), button('Look again', act(refresh))), body));
    refresh();
  },
};

const troubles = (lines) => lines.map((line) => h('p', { class: 'problem', role: 'alert' }, `${line}.`));

function none(why) {
  const part = empty('No report to show', `${why} On the appliance a timer makes one each day. This command makes one now:`);
  part.append(h('pre', {}, 'systemctl start whatsapp-check@post'));
  return part;
}

function found({ checks, compared, changes, trend }) {
  const areas = [...new Set(checks.map((one) => one.area))].sort();
  const count = (verdict) => checks.filter((one) => one.verdict === verdict).length;
  return [
    h('section', { class: 'card', id: 'summary' }, h('h2', {}, 'All checks'),
      h('p', {}, Object.keys(LOOKS).map((verdict) => [tag(`${count(verdict)} ${words(verdict)}`, count(verdict) ? LOOKS[verdict] : ''), ' '])),
      h('p', { class: 'note' }, 'Each check has the verdict of the newest report that asked it.')),
    h('div', { class: 'columns' }, areas.map((area) => areaCard(area, checks.filter((one) => one.area === area)))),
    h('section', { class: 'card', id: 'changes' }, h('h2', {}, 'What has changed'), changed(compared, changes)),
    h('section', { class: 'card', id: 'trend' }, h('h2', {}, 'Ninety days'), chart(trend)),
  ];
}

function changed(compared, changes) {
  if (!compared) return h('p', { class: 'note' }, 'There is no report of an earlier day to compare with.');
  return [h('p', { class: 'note' }, 'Since the report of ', when(compared), '.'),
    changes.length ? h('ul', { class: 'plain deeds' }, changes.map((line) => h('li', {}, line))) : h('p', {}, 'Nothing.')];
}

function areaCard(area, checks) {
  const open = Object.keys(OPEN).flatMap((verdict) => checks.filter((one) => one.verdict === verdict));
  const rest = checks.filter((one) => !OPEN[one.verdict]);
  return h('section', { class: 'card', 'data-area': area },
    h('header', {}, h('h2', {}, AREAS[area] ?? area), tag(open.length ? `${open.length} of ${checks.length} open` : 'in order', open.length ? OPEN[open[0].verdict] : 'good')),
    open.length ? h('ul', { class: 'plain findings' }, open.map(finding)) : null,
    rest.length ? h('details', {}, h('summary', {}, `${rest.length} in order`), h('ul', { class: 'plain findings' }, rest.map(finding))) : null);
}

function finding({ name, ids, severity, verdict, evidence, remedy, seen }) {
  return h('li', {}, tag(words(verdict), LOOKS[verdict] ?? ''), ' ', h('b', {}, name), ' ', h('small', {}, ids.join(' '), ' · severity ', severity, ' · seen ', when(seen)),
    h('p', {}, evidence), remedy ? h('p', {}, 'Try: ', h('code', {}, remedy)) : null);
}

/** A bar for each day: as high as the number of checks with such a verdict. A day without a report has a grey line. */
function chart(trend) {
  const last = Date.parse(new Date().toISOString().slice(0, 10));
  const days = new Map(trend.map((day) => [Date.parse(day.day), day]));
  const open = (day) => Object.keys(OPEN).reduce((sum, verdict) => sum + (day[verdict] ?? 0), 0);
  const most = Math.max(1, ...trend.map(open));
  const picture = document.createElementNS(SVG, 'svg');
  const box = (kind, x, y, height) => {
    const rect = document.createElementNS(SVG, 'rect');
    for (const [key, value] of Object.entries({ class: kind, x, y, width: 6, height })) rect.setAttribute(key, value);
    picture.append(rect);
  };
  picture.setAttribute('viewBox', `0 0 ${DAYS * 8} 84`);
  picture.setAttribute('class', 'trend');
  picture.setAttribute('role', 'img');
  picture.setAttribute('aria-label', `Checks that fail, could not look or warn, for each of ${DAYS} days; the same as text is below.`);
  for (let i = 0; i < DAYS; i++) {
    const day = days.get(last - (DAYS - 1 - i) * DAY);
    let top = 80;
    for (const verdict of Object.keys(OPEN)) {
      const height = 80 * (day?.[verdict] ?? 0) / most;
      top -= height;
      if (height) box(verdict, i * 8, top, height);
    }
    box(day?.pass === undefined ? 'none' : 'pass', i * 8, 82, 2);
  }
  const text = (day) => (day.pass === undefined ? 'the report cannot be read' : Object.keys(LOOKS).map((verdict) => `${day[verdict]} ${words(verdict)}`).join(', '));
  return [picture, h('p', { class: 'note' }, `Red: fails. Violet: could not look. Yellow: warns. Today is at the right; the highest bar is ${most}. ${trend.length} of ${DAYS} days have a daily report.`),
    h('details', {}, h('summary', {}, 'The days as text'), h('ul', { class: 'plain deeds' }, trend.toReversed().map((day) => h('li', {}, h('span', { class: 'mono' }, day.day), ' ', text(day)))))];
}

function attestations(list) {
  const soonest = list.toSorted((one, other) => (one.until ?? '').localeCompare(other.until ?? ''));
  return h('section', { class: 'card', id: 'attestations' }, h('h2', {}, 'What people attest'),
    h('ul', { class: 'plain findings' }, soonest.map(({ item, demand, standing, by, until, command }) => {
      const [word, look] = STANDINGS[standing] ?? [standing, 'bad'];
      return h('li', {}, tag(word, look), ' ', h('b', {}, item), ' ', h('small', {}, by ? ['by ', by] : null, until ? [' until ', h('span', { class: 'mono' }, until)] : null),
        h('p', {}, demand), standing === 'holds' ? null : h('p', {}, 'Record it: ', h('code', {}, command)));
    })));
}

function reports(list) {
  return h('section', { class: 'card', id: 'reports' }, h('h2', {}, 'Reports'),
    h('ul', { class: 'plain deeds' }, list.map(({ phase, newest, due, late }) => h('li', {}, h('b', {}, PHASES[phase] ?? phase), ' ',
      newest ? ['made ', when(newest)] : 'not made yet', due ? [', due by ', when(due), ' '] : ', no timer is known on this machine ', late ? tag('late', 'bad') : null))));
}
