// Runs guard.js with just enough of a browser. Arguments: guard.js; a scenario as JSON: state, typed (the codes that are entered), answers
// (what the joins get: status, problem; or lost). Prints what was sent, whether the page was left and what was said of the code.
import { readFileSync } from 'node:fs';
import vm from 'node:vm';

const [source, scenario] = [readFileSync(process.argv[2], 'utf8'), JSON.parse(process.argv[3])];
const elements = {}, sent = [];
let left = false, submit;
const element = (id) => ({
  id, textContent: '', hidden: true, value: '', setAttribute() {}, focus() {}, querySelector: () => ({}),
  addEventListener: (_, f) => { submit = f; },
});
const answers = [...scenario.answers];
const context = {
  document: { getElementById: (id) => (elements[id] ??= element(id)) }, Math, Number, Int32Array, Promise, AbortSignal, console,
  page: { t: { codeWrong: 'wrong' }, state: scenario.state, base: '/b', self: '/' },
  location: { replace: () => { left = true; } },
  setTimeout: (f, ms) => setTimeout(f, Math.min(ms ?? 0, 1)),
  fetch: async (url, o) => {
    sent.push({ url, method: o.method, ...o.headers });
    const next = answers.shift();
    if (next.lost) throw new TypeError('lost');
    return { ok: next.status === 201, status: next.status, headers: { get: () => null }, json: async () => next.problem };
  },
};
if (scenario.worker) { // a worker as a browser has it: it sees nothing but what it is given
  context.URL = { createObjectURL: (b) => b };
  context.Blob = class { constructor(parts) { this.text = parts.join(''); } };
  context.Worker = class {
    constructor(blob) {
      this.scope = { Math, Int32Array, Infinity, postMessage: (data) => this.onmessage({ data }) };
      vm.createContext(this.scope);
      vm.runInContext(blob.text, this.scope);
    }
    postMessage(data) { setTimeout(() => this.scope.onmessage({ data })); }
    terminate() {}
  };
}
vm.runInNewContext(source, context);
const settled = async () => { // until all that was answered has been acted on
  for (let i = 0; i < 20; i++) await new Promise((done) => setTimeout(done, 1));
};
for (const code of scenario.typed ?? []) {
  elements['code-text'] ??= element('code-text');
  elements['code-text'].value = code;
  await submit({ preventDefault() {} });
}
while (!left && answers.length) await settled();
await settled();
console.log(JSON.stringify({ sent, left, wrong: elements['code-wrong']?.textContent ?? '', form: elements.code ? !elements.code.hidden : false }));
