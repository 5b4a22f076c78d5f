// Runs the Worker with Node's own fetch API and WebCrypto against a gateway of a few lines. The tokens come from
// infra/edge/functions_test.go, which starts this test.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { after, before, beforeEach, test } from 'node:test';
import worker from './worker.mjs';

const { key, good, bad, later } = JSON.parse(readFileSync(process.env.EDGE_TOKENS, 'utf8'));
const seats = '/api/v1/shows/arena/seats';

let gateway;
let origin;
let served; // what came to the gateway beside the question for the epoch
let epochs; // how often that was asked
let serving; // what is answered to it: an epoch, or null in an outage

before(async () => {
  gateway = createServer((req, res) => {
    if (req.url.endsWith('/serving')) {
      epochs++;
      res.writeHead(serving === null ? 503 : 200, { 'content-type': 'application/json' });
      res.end(serving === null ? '{}' : JSON.stringify({ epoch: serving, issued: 9 }));
      return;
    }
    let body = '';
    req.on('data', (part) => {
      body += part;
    });
    req.on('end', () => {
      served.push({ method: req.method, url: req.url, body, cookie: req.headers.cookie });
      res.writeHead(req.url === '/moved' ? 302 : 200, { location: '/elsewhere', 'set-cookie': 'a=b' });
      res.end('the gateway');
    });
  });
  await new Promise((resolve) => gateway.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${gateway.address().port}`;
});
after(() => gateway.close());
beforeEach(() => {
  served = [];
  epochs = 0;
  serving = 3;
});

// edge is a Worker of its own: what it has learnt goes with its bindings.
function edge(more = {}) {
  const env = { EDGE_KEYS: JSON.stringify(key), ORIGIN: origin, ...more };
  return (path, cookies = '', init = {}) => worker.fetch(
    new Request(`https://shop.example${path}`, { ...init, headers: { accept: 'text/html', cookie: cookies, ...init.headers } }), env);
}

test('who holds a pass for edges goes through', async () => {
  const ask = edge();
  for (const [name, token] of Object.entries({ ...good, 'a later epoch': later })) {
    const answer = await ask(`${seats}?x=1`, `a=b; __Host-we_arena=${token}`);
    assert.equal(answer.status, 200, name);
    assert.equal(await answer.text(), 'the gateway');
    assert.equal(answer.headers.get('set-cookie'), 'a=b', 'a renewed pass comes back');
  }
  assert.equal(served[0].url, `${seats}?x=1`);
  assert.ok(served[0].cookie.includes('__Host-we_arena='));
  const posted = await ask(seats, `__Host-we_arena=${good['as it is']}`, { method: 'POST', body: 'hold A1', duplex: 'half' });
  assert.equal(posted.status, 200);
  assert.equal(served.at(-1).body, 'hold A1');
});

test('whatever else is sent to the waiting page, for the right reason', async () => {
  const ask = edge();
  let tried = 0;
  for (const [why, tokens] of Object.entries(bad)) {
    for (const [name, token] of Object.entries(tokens)) {
      const answer = await ask(seats, `__Host-we_arena=${token}`);
      assert.equal(answer.status, 302, `${why}: ${name}`);
      assert.equal(answer.headers.get('cache-control'), 'no-store');
      const told = await ask(seats, `__Host-we_arena=${token}; __Host-wp_arena=x; we_tries=3`);
      assert.equal(told.status, 503, name);
      assert.match(await told.text(), new RegExp(`\\(${why}\\)`), name);
      tried++;
    }
  }
  assert.ok(tried > 30);
  assert.equal((await ask(seats)).status, 302, 'no cookie at all');
  assert.deepEqual(served, [], 'none of them reached the gateway');
});

test('the control: the same ways lead to the gateway where nothing is gated', async () => {
  const ask = edge({ GATED: '["^/nothing/(x)$"]' });
  let tried = 0;
  for (const tokens of Object.values(bad)) {
    for (const token of Object.values(tokens)) {
      assert.equal((await ask(seats, `__Host-we_arena=${token}`)).status, 200);
      tried++;
    }
  }
  assert.equal(served.length, tried);
});

test('any good cookie of several is enough, but only so many are looked at', async () => {
  const ask = edge();
  const token = good['as it is'];
  const one = '__Host-we_arena=';
  assert.equal((await ask(seats, `${one}x; ${one}${bad.expired['run out']}; ${one}${token}`)).status, 200);
  assert.equal((await ask(seats, `${one}1; ${one}2; ${one}3; ${one}4; ${one}${token}`)).status, 302);
  for (const other of ['we_arena', '__Host-wp_arena', '__Host-we_theatre', '__host-we_arena']) {
    assert.equal((await ask(seats, `${other}=${token}`)).status, 302, other);
  }
  assert.equal((await edge({ PLAIN_COOKIES: 'true' })(seats, `we_arena=${token}`)).status, 200);
});

test('no way of writing a gated path goes round', async () => {
  const ask = edge();
  for (const path of ['/', '/shows/arena', '/api/v1/shows/arena', '/waitroom/v1/arena/status', '/assets/%EC%95%88.js']) {
    assert.equal((await ask(path)).status, 200, path);
  }
  served = [];
  for (const path of [
    '//api/v1/shows/arena/seats', '/api//v1/shows/arena/seats', '/api/v1/shows/arena%2fseats', '/api/v1/shows/arena%5cseats', '/api/v1/shows/arena;x/seats',
    '/API/v1/shows/arena/seats', '/api/v1/shows/%61rena/seats', '/%61pi/v1/shows/arena/seats', '/api/v1/shows/arena%252fseats', '/SHOWS/arena/seats',
    '/./api/v1/shows/arena/seats', '/x/../api/v1/shows/arena/seats', '/x/%2e%2e/api/v1/shows/arena/seats', '/api/v1/shows\\arena\\seats', // resolved by URL itself
  ]) {
    assert.ok([302, 400].includes((await ask(path)).status), path);
  }
  assert.deepEqual(served, []);
});

test('an epoch is asked for once a second, and an outage changes nothing', async (t) => {
  t.mock.timers.enable({ apis: ['Date'], now: Date.now() });
  const ask = edge();
  const old = `__Host-we_arena=${bad.superseded['an earlier epoch']}`;
  const own = `__Host-we_arena=${good['as it is']}`;
  await Promise.all(Array.from({ length: 20 }, () => ask(seats, own)));
  assert.equal(epochs, 1);
  assert.equal((await ask(seats, old)).status, 302);
  assert.equal(epochs, 1);

  serving = null;
  t.mock.timers.tick(1500);
  assert.equal((await ask(seats, own)).status, 200, 'who is in goes on');
  assert.equal((await ask(seats, old)).status, 302, 'and what was known is not forgotten');
  assert.equal(epochs, 2);

  serving = 4; // the line was started anew
  t.mock.timers.tick(1500);
  assert.equal((await ask(seats, own)).status, 302);
  assert.equal((await ask(seats, `__Host-we_arena=${later}`)).status, 200);
  const fresh = edge({ ORIGIN: 'http://127.0.0.1:1' });
  await assert.rejects(fresh(seats, old), TypeError, 'it was let through to an origin that is away: nothing was known of the epoch, and the gateway judges again');
});

test('a person is led to the waiting page and back, a program is told', async () => {
  const ask = edge();
  const answer = await ask('/shows/arena/seats?a=1&b=%26');
  assert.equal(answer.headers.get('location'), `/waitroom/v1/arena/wait?return=${encodeURIComponent('/shows/arena/seats?a=1&b=%26')}`);
  assert.match(answer.headers.get('set-cookie'), /^we_tries=1; Path=\/; Max-Age=10; HttpOnly; SameSite=Lax; Secure$/);
  const long = await ask(`/shows/arena/seats?a=${'x'.repeat(3000)}`);
  assert.equal(long.headers.get('location'), `/waitroom/v1/arena/wait?return=${encodeURIComponent('/shows/arena/seats')}`);
  for (const init of [{ method: 'POST' }, { headers: { accept: 'application/json' } }, { headers: { 'sec-fetch-mode': 'cors' } }]) {
    const told = await ask(seats, '', init);
    assert.equal(told.status, 429, JSON.stringify(init));
    assert.equal(told.headers.get('retry-after'), '2');
    assert.equal(told.headers.get('cache-control'), 'no-store');
    assert.equal((await told.json()).type, 'urn:anteroom:problem:waiting');
  }
  assert.equal((await ask('/moved')).status, 302, 'a redirect of the origin is handed on, not followed');
});

test('a broken key is told at once', async () => {
  for (const EDGE_KEYS of ['{', '{"kty":"oct","kid":"x","k":"AAAA"}', '{"kty":"OKP","kid":"x"}', JSON.stringify({ ...key, kid: undefined })]) {
    await assert.rejects(edge({ EDGE_KEYS })(seats), Error);
  }
  const set = JSON.stringify({ keys: [{ kty: 'oct', kid: 'old', k: key.k }, key] });
  assert.equal((await edge({ EDGE_KEYS: set })(seats, `__Host-we_arena=${good['as it is']}`)).status, 200, 'a set of several, for the time of a change');
});
