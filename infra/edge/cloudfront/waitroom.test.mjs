// Runs the function as the platform does: in a context that has nothing but what the runtime cloudfront-js-2.0 has. The tokens come from
// infra/edge/functions_test.go, which starts this test.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import vm from 'node:vm';

const source = readFileSync(new URL('waitroom.js', import.meta.url), 'utf8');
const { key, good, bad, later } = JSON.parse(readFileSync(process.env.EDGE_TOKENS, 'utf8'));

function load(change = (text) => text) {
  const configured = source.replace('keys: {},', `keys: { '${key.kid}': '${key.k}' },`).replace('epochs: {},', 'epochs: { arena: 3 },');
  assert.notEqual(configured, source, 'the configuration is where it is said to be');
  const context = vm.createContext(
    {
      Buffer,
      require: (name) => {
        assert.equal(name, 'crypto', 'the runtime has no other module that is needed');
        return { createHmac };
      },
    },
    { codeGeneration: { strings: false, wasm: false } },
  );
  vm.runInContext(change(configured), context);
  return context.handler;
}
const handler = load();

const cookie = (...values) => ({ value: values[0], multiValue: values.map((value) => ({ value })) });

function event(uri, cookies = {}, more = {}) {
  return {
    version: '1.0',
    context: { eventType: 'viewer-request' },
    viewer: { ip: '192.0.2.1' },
    request: { method: 'GET', uri, querystring: {}, headers: { accept: { value: 'text/html' } }, cookies, ...more },
  };
}

const seats = '/api/v1/shows/arena/seats';
const named = '__Host-we_arena';
const passes = (answer, asked) => answer === asked.request;

test('it fits into a CloudFront Function', () => {
  assert.ok(Buffer.byteLength(source) <= 10 * 1024, 'the platform takes 10 KB');
  for (const missing of [/\bimport\b/, /\bexport\b/, /\bclass\b/, /\basync\b/, /\bfetch\(/, /\?\./, /\?\?/, /\.\.\.\w/, /\bfor \((?:const|let|var) \w+ of/, /\bsetTimeout\b/]) {
    assert.doesNotMatch(source.replace(/^\s*\/\/.*$/gm, ''), missing, 'the runtime does not have it, or has it only in part');
  }
});

test('who holds a pass for edges goes through', () => {
  for (const [name, token] of Object.entries({ ...good, 'a later epoch': later })) {
    const asked = event(seats, { [named]: { value: token } });
    assert.ok(passes(handler(asked), asked), name);
  }
});

test('whatever else is sent to the waiting page', () => {
  let tried = 0;
  for (const [why, tokens] of Object.entries(bad)) {
    for (const [name, token] of Object.entries(tokens)) {
      const answer = handler(event(seats, { [named]: { value: token } }));
      assert.equal(answer.statusCode, 302, `${why}: ${name}`);
      assert.equal(answer.headers['cache-control'].value, 'no-store', name);
      tried++;
    }
  }
  assert.ok(tried > 30);
  assert.equal(handler(event(seats)).statusCode, 302, 'no cookie at all');
  assert.equal(handler(event('/shows/arena/seats', { [named]: { value: bad['other-room']['another room'] } })).statusCode, 302);
});

test('the reason is the right one, so none of these is refused for another', () => {
  for (const [why, tokens] of Object.entries(bad)) {
    for (const [name, token] of Object.entries(tokens)) {
      const answer = handler(event(seats, { [named]: { value: token }, '__Host-wp_arena': { value: 'x' }, we_tries: { value: '3' } }));
      assert.equal(answer.statusCode, 503, name);
      assert.match(answer.body, new RegExp(`\\(${why}\\)`), name);
    }
  }
});

test('the control: with the check off, all of them get through', () => {
  const open = load((text) => text.replace("return why === '' ? request", 'return true ? request'));
  for (const tokens of Object.values(bad)) {
    for (const token of Object.values(tokens)) {
      const asked = event(seats, { [named]: { value: token } });
      assert.ok(passes(open(asked), asked));
    }
  }
});

test('any good cookie of several is enough, but only so many are looked at', () => {
  const token = good['as it is'];
  const asked = event(seats, { [named]: cookie('x', bad.expired['run out'], token) });
  assert.ok(passes(handler(asked), asked));
  assert.equal(handler(event(seats, { [named]: cookie('1', '2', '3', '4', token) })).statusCode, 302);
  for (const other of ['we_arena', '__Host-wp_arena', '__Host-we_theatre', '__host-we_arena']) {
    assert.equal(handler(event(seats, { [other]: { value: token } })).statusCode, 302, other);
  }
});

test('what is not gated goes by, and no way of writing a gated path goes round', () => {
  for (const uri of ['/', '/shows/arena', '/api/v1/shows', '/api/v1/shows/arena', '/api/v1/orders/x', '/waitroom/v1/arena/status', '/assets/%EC%95%88.js', '/assets/a%20b.js']) {
    const asked = event(uri);
    assert.ok(passes(handler(asked), asked), uri);
  }
  const token = good['as it is'];
  for (const uri of [
    '//api/v1/shows/arena/seats', '/api//v1/shows/arena/seats', '/./api/v1/shows/arena/seats', '/x/../api/v1/shows/arena/seats', '/x/%2e%2e/api/v1/shows/arena/seats',
    '/api/v1/shows/arena%2fseats', '/api/v1/shows/arena%2Fseats', '/api/v1/shows/arena%5cseats', '/api/v1/shows\\arena\\seats', '/api/v1/shows/arena;x/seats',
    '/API/v1/shows/arena/seats', '/api/v1/shows/%61rena/seats', '/%61pi/v1/shows/arena/seats', '/api/v1/shows/arena/%252e/seats', '/api/v1/shows/arena%252fseats',
    '/api/v1/shows/theatre/../arena/seats', '/api/v1/shows/arena/%09/seats', '/api/v1/orders/../shows/arena/seats', '/SHOWS/arena/seats', '/shows/arena/seats;a=b',
  ]) {
    const answer = handler(event(uri, { [named]: { value: token } }));
    assert.equal(answer.statusCode, 400, uri);
    assert.equal(answer.headers['cache-control'].value, 'no-store');
  }
});

test('a person is led to the waiting page and back, a program is told', () => {
  const answer = handler(event('/shows/arena/seats', {}, { querystring: { a: { value: '1' }, b: { value: 'x', multiValue: [{ value: 'x' }, { value: 'y%26' }] }, c: { value: '' } } }));
  assert.equal(answer.headers.location.value, `/waitroom/v1/arena/wait?return=${encodeURIComponent('/shows/arena/seats?a=1&b=x&b=y%26&c')}`);
  const long = handler(event('/shows/arena/seats', {}, { querystring: { a: { value: 'x'.repeat(3000) } } }));
  assert.equal(long.headers.location.value, `/waitroom/v1/arena/wait?return=${encodeURIComponent('/shows/arena/seats')}`);
  for (const more of [{ method: 'POST' }, { headers: { accept: { value: 'application/json' } } }, { headers: {} }, { headers: { accept: { value: 'text/html' }, 'sec-fetch-mode': { value: 'cors' } } }]) {
    const told = handler(event(seats, {}, more));
    assert.equal(told.statusCode, 429);
    assert.equal(told.headers['retry-after'].value, '2');
    assert.equal(told.headers['cache-control'].value, 'no-store');
    assert.equal(JSON.parse(told.body).type, 'urn:anteroom:problem:waiting');
  }
});

test('nobody is sent round for ever', () => {
  let cookies = { '__Host-wp_arena': { value: 'x' } };
  const answers = [];
  for (let i = 0; i < 5; i++) {
    const answer = handler(event(seats, cookies));
    answers.push(answer.statusCode);
    if (answer.cookies) {
      assert.match(answer.cookies.we_tries.attributes, /Max-Age=10; HttpOnly; SameSite=Lax; Secure/);
      cookies = { ...cookies, we_tries: { value: answer.cookies.we_tries.value } };
    }
  }
  assert.deepEqual(answers, [302, 302, 302, 503, 503]);
  assert.equal(handler(event(seats, { we_tries: { value: '9' } })).statusCode, 302, 'who has no pass waits there, and does not come back at once');
});
