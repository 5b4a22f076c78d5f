// Runs page.js with just enough of a browser, and prints what it showed. Arguments: page.js; a scenario as JSON:
// loads, each with the visit that the page was written with and the answers that the polls then get; storage: false for a browser that keeps nothing.
import { readFileSync } from 'node:fs';
import vm from 'node:vm';

const [source, scenario] = [readFileSync(process.argv[2], 'utf8'), JSON.parse(process.argv[3])];
const stored = new Map();
const storage = {
  getItem: (k) => (stored.has(k) ? stored.get(k) : null),
  setItem: (k, v) => stored.set(k, String(v)),
};
const t = new Proxy({ lang: 'en', announce: '{n}' }, { get: (o, k) => o[k] ?? String(k) });
const shown = [];

for (const load of scenario.loads) {
  const elements = {}, timers = [];
  let left = false;
  const element = () => ({ textContent: '', hidden: false, value: 0, dateTime: '', setAttribute() {}, addEventListener() {} });
  const document = { documentElement: { dataset: {} }, title: '', getElementById: (id) => (elements[id] ??= element()) };
  const answers = [...load.answers];
  const context = {
    document, Intl, Math, Number, String, Date, Error, AbortSignal, Infinity, console,
    page: { t, visit: load.visit, statusURL: '/s', ticketURL: '/t', self: '/', retryMS: 1000, through: scenario.through },
    location: { replace: () => { left = true; }, assign() {} },
    fetch: async () => {
      const next = answers.shift();
      return { ok: !next.status, status: next.status ?? 200, json: async () => next };
    },
    setTimeout: (f) => timers.push(f),
  };
  Object.defineProperty(context, 'sessionStorage', { get() { if (scenario.storage === false) throw new Error('denied'); return storage; } });
  const note = () => shown.push({
    state: document.documentElement.dataset.state ?? '', ahead: elements.ahead?.textContent ?? '', title: elements.title?.textContent ?? '',
    opens: elements.opens && !elements.opens.hidden ? elements['opens-at'].textContent : '', left,
  });
  vm.runInNewContext(source, context);
  note();
  while (answers.length > 0 && timers.length > 0 && !left) {
    await timers.shift()();
    note();
  }
}
console.log(JSON.stringify(shown));
