// Runs page.js with just enough of a browser, and prints what it showed. Arguments: page.js; a scenario as JSON:
// loads, each with the visit that the page was written with and the answers that the polls then get;
// hidden: nobody looks at the page; brand: that it was written with; moving: the link to another device is shown.
import { readFileSync } from 'node:fs';
import vm from 'node:vm';

const [source, scenario] = [readFileSync(process.argv[2], 'utf8'), JSON.parse(process.argv[3])];
const states = new Proxy({}, { get: (_, k) => ({ title: `title of ${String(k)}`, lead: `lead of ${String(k)}` }) });
const t = new Proxy({ lang: 'en', announce: '{n}', days: '{n} d', states }, { get: (o, k) => o[k] ?? String(k) });
const shown = [];

for (const load of scenario.loads) {
  const elements = {}, timers = [];
  let left = false, renewed = false, cookie = '', clock = 0;
  const element = () => ({ textContent: '', hidden: false, value: 0, dateTime: '', setAttribute() {}, addEventListener() {} });
  elements.moving = { ...element(), hidden: !scenario.moving };
  const document = {
    documentElement: { dataset: {} }, title: '', hidden: Boolean(scenario.hidden), getElementById: (id) => (elements[id] ??= element()), addEventListener() {},
    set cookie(text) { cookie = text.split(';')[0]; },
  };
  const answers = [...(load.answers ?? [])];
  const context = {
    document, Intl, Math, Number, String, Date, Error, AbortSignal, Infinity, console, queueMicrotask, setInterval() {}, clearInterval() {}, addEventListener() {},
    performance: { now: () => clock },
    page: { t, state: '', visit: load.visit, name: 'x', base: '/b', self: '/', retryMS: 1000, leftMS: 0, through: scenario.through, brand: scenario.brand },
    location: { replace: () => { left = true; }, reload: () => { left = renewed = true; }, assign() {}, protocol: 'https:' },
    fetch: async () => {
      const next = answers.shift();
      return { ok: !next.status, status: next.status ?? 200, json: async () => next };
    },
    setTimeout: (f, ms, ...args) => timers.push([() => f(...args), ms]),
  };
  const note = () => shown.push({
    state: document.documentElement.dataset.state ?? '', ahead: elements.ahead?.textContent ?? '', title: elements.title?.textContent ?? '',
    opens: elements.opens && !elements.opens.hidden ? elements['opens-at'].textContent : '',
    left, renewed, clock: elements.clock && !elements.clock.hidden ? elements.left.textContent : '', told: elements.live?.textContent ?? '', cookie, after: clock,
  });
  vm.runInNewContext(source, context);
  await null;
  note();
  const step = async () => {
    const [f, ms] = timers.shift();
    clock += ms;
    await f();
    await new Promise((done) => setImmediate(done));
  };
  while (answers.length > 0 && timers.length > 0 && !left) {
    await step();
    note();
  }
  while (document.documentElement.dataset.state === 'turn' && timers.length > 0 && !left) await step();
  if (left && !shown.at(-1).left) note();
}
console.log(JSON.stringify(shown));
