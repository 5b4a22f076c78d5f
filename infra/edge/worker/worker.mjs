// The waiting room's gate at an edge that runs Workers (WebCrypto and the fetch API; no dependencies). It lets through who holds a pass for
// edges (an HS256 JWT of the gateway, in the cookie we_<room>) and sends everybody else to the waiting page. See README.md beside this file.
//
// Its settings are bindings (env):
//   EDGE_KEYS     the file made by `waitroom keys edge`, or a JWK set of several, for the time of a change
//   ORIGIN        where requests go on to, such as https://gateway.example; empty: to the address that was asked for
//   GATED         a JSON list of regular expressions for the gated paths, whose first group is the room; optional
//   PLAIN_COOKIES "true" where visitors come by HTTP, so that cookies carry no __Host- prefix; for tests

const GATED = ['^/api/v1/shows/([a-z0-9][a-z0-9-]*)/.+$', '^/shows/([a-z0-9][a-z0-9-]*)/seats(?:/.*)?$'];
const LEEWAY_MS = 60_000; // by how much our clock may be behind that of the line
const MAX_TOKENS = 4; // of one name that are looked at
const MAX_RETURN = 2000; // characters of the way back
const MAX_TRIES = 3; // times somebody is sent to the waiting page whom that sends back at once
const EPOCH_FRESH_MS = 1000; // how old what is known of an epoch may be; the answer may be cached for as long
const EPOCH_TIMEOUT_MS = 1000;

export default {
  async fetch(request, env) {
    const edge = settings(env);
    const url = new URL(request.url);
    const room = roomOf(url.pathname, edge.gated);
    if (room === '') {
      return fetch(onward(request, url, edge));
    }
    if (room === null) {
      return problem(400, 'path-not-plain', 'The path is written in a way that could be read as another one.');
    }
    const cookies = cookiesOf(request);
    const why = await judge(cookies.get(edge.prefix + 'we_' + room) ?? [], room, edge, url);
    if (why !== '') {
      return away(request, url, room, why, cookies, edge);
    }
    return fetch(onward(request, url, edge), { cache: 'no-store' });
  },
};

let known = { env: null, edge: null };

// settings are read once and kept while the bindings are the same.
function settings(env) {
  if (known.env !== env) {
    const set = JSON.parse(env.EDGE_KEYS);
    const keys = new Map();
    for (const jwk of set.keys ?? [set]) {
      if (jwk.kty !== 'oct' || typeof jwk.kid !== 'string' || bytes(jwk.k).length < 32) {
        throw new Error('EDGE_KEYS: a key is not symmetric, has no kid, or is too short');
      }
      keys.set(jwk.kid, crypto.subtle.importKey('raw', bytes(jwk.k), { name: 'HMAC', hash: 'SHA-256' }, false, ['verify']));
    }
    known = {
      env,
      edge: {
        keys,
        origin: env.ORIGIN ?? '',
        gated: (env.GATED ? JSON.parse(env.GATED) : GATED).map((text) => new RegExp(text)),
        prefix: env.PLAIN_COOKIES === 'true' ? '' : '__Host-',
        epochs: new Map(),
      },
    };
  }
  return known.edge;
}

// onward is the request as the origin gets it.
function onward(request, url, edge) {
  const target = edge.origin === '' ? request.url : edge.origin + url.pathname + url.search;
  return new Request(new Request(target, request), { redirect: 'manual' });
}

// roomOf is the room that a path is behind: '' for none, null for a path that some would take for a gated one and others not. What is no
// ASCII, and spaces, may be escaped.
function roomOf(path, gated) {
  const match = (one) => gated.map((pattern) => pattern.exec(one)).find((found) => found)?.[1] ?? '';
  const bare = path.replace(/%(?:20|[89a-f][0-9a-f])/gi, '_');
  const plain = canonical(bare);
  if (plain === bare) {
    return match(path) || (match(path.toLowerCase()) === '' ? '' : null);
  }
  return match(path) === '' && match(plain.toLowerCase()) === '' ? '' : null;
}

// canonical reads a path as the most generous of servers would.
function canonical(path) {
  let plain = path;
  for (let i = 0; i < 3 && plain.includes('%'); i++) {
    plain = plain.replace(/%([0-9a-f]{2})/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
  }
  const out = [];
  for (const raw of plain.replaceAll('\\', '/').split('/')) {
    const part = raw.split(';')[0].trim();
    if (part === '..') {
      out.pop();
    } else if (part !== '' && part !== '.') {
      out.push(part);
    }
  }
  return `/${out.join('/')}${out.length > 0 && plain.endsWith('/') ? '/' : ''}`;
}

// cookiesOf gives all values of every name: a browser may hold several of one, and a forged one must not hide the right one.
function cookiesOf(request) {
  const all = new Map();
  for (const pair of (request.headers.get('Cookie') ?? '').split(/; ?/)) {
    const at = pair.indexOf('=');
    if (at > 0) {
      const name = pair.slice(0, at).trim();
      all.set(name, [...(all.get(name) ?? []), pair.slice(at + 1).trim()]);
    }
  }
  return all;
}

// judge returns '' when one of the tokens is good, else what is wrong with the first.
async function judge(tokens, room, edge, url) {
  let why = 'missing';
  for (const [i, token] of tokens.slice(0, MAX_TOKENS).entries()) {
    const wrong = await verify(token, room, edge, url);
    if (wrong === '') {
      return '';
    }
    why = i === 0 ? wrong : why;
  }
  return why;
}

async function verify(token, room, edge, url) {
  if (token.length > 2048 || !/^[\w-]+\.[\w-]+\.[\w-]+$/.test(token)) {
    return 'invalid';
  }
  const [head, payload, signature] = token.split('.');
  if (signature.length !== 43) { // 32 bytes
    return 'invalid';
  }
  const header = decode(head);
  // What is accepted is ours to say, not the token's: no other algorithm, no other type.
  if (header?.alg !== 'HS256' || header.typ !== 'wr-edge+jwt' || header.crit !== undefined || !edge.keys.has(header.kid)) {
    return 'invalid';
  }
  const key = await edge.keys.get(header.kid);
  const signed = new TextEncoder().encode(`${head}.${payload}`);
  // verify compares in a time that says nothing of where two MACs differ; the text is compared as well, for two may mean the same bytes.
  const mac = bytes(signature);
  if (text64(mac) !== signature || !(await crypto.subtle.verify('HMAC', key, mac, signed))) {
    return 'invalid';
  }
  const claims = decode(payload);
  if (claims?.iss !== 'anteroom' || [claims.exp_ms, claims.nbf, claims.epoch].some((value) => typeof value !== 'number')) {
    return 'invalid';
  }
  const now = Date.now();
  if (claims.aud !== room) {
    return 'other-room';
  }
  if (now >= claims.exp_ms) {
    return 'expired';
  }
  if (now + LEEWAY_MS < claims.nbf * 1000) {
    return 'not-yet';
  }
  return claims.epoch < (await epochOf(room, edge, url)) ? 'superseded' : '';
}

// epochOf is the epoch of the room as far as it is known. While the gateway cannot tell, as in an outage of the line, what it said last
// counts: who is in goes on.
async function epochOf(room, edge, url) {
  const last = edge.epochs.get(room) ?? { epoch: 0, at: Number.NEGATIVE_INFINITY };
  if (Date.now() - last.at < EPOCH_FRESH_MS) {
    return last.epoch;
  }
  const next = { epoch: last.epoch, at: Date.now() };
  edge.epochs.set(room, next); // whoever asks meanwhile takes what was known
  try {
    const address = `${edge.origin || url.origin}/waitroom/v1/${room}/serving`;
    const answer = await fetch(address, { signal: AbortSignal.timeout(EPOCH_TIMEOUT_MS) });
    const { epoch } = answer.ok ? await answer.json() : {};
    next.epoch = typeof epoch === 'number' ? epoch : last.epoch;
  } catch {
    // The next one asks again, a second later.
  }
  return next.epoch;
}

function bytes(text) {
  return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0));
}

function text64(raw) {
  return btoa(String.fromCharCode(...raw)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

function decode(part) {
  try {
    const value = JSON.parse(new TextDecoder().decode(bytes(part)));
    return value && typeof value === 'object' ? value : null;
  } catch {
    return null;
  }
}

// away sends a person to the waiting page, and tells a program that it has to wait.
function away(request, url, room, why, cookies, edge) {
  const reads = request.method === 'GET' || request.method === 'HEAD';
  const mode = request.headers.get('Sec-Fetch-Mode') ?? 'navigate';
  if (!reads || mode !== 'navigate' || !(request.headers.get('Accept') ?? '').includes('text/html')) {
    return problem(429, 'waiting', `This path is behind the waiting room; join the line at /waitroom/v1/${room}/join.`);
  }
  const tries = 1 + (Number.parseInt(cookies.get('we_tries')?.[0] ?? '', 10) || 0);
  if (tries > MAX_TRIES && cookies.has(`${edge.prefix}wp_${room}`)) {
    // The gateway thinks that they are in, and we do not: going back and forth would not end.
    return problem(503, 'edge-disagrees', `The edge does not accept the pass that the gateway gives (${why}).`);
  }
  const back = [url.pathname + url.search, url.pathname, '/'].find((one) => one.length <= MAX_RETURN);
  return new Response(null, {
    status: 302,
    headers: {
      Location: `/waitroom/v1/${room}/wait?return=${encodeURIComponent(back)}`,
      'Cache-Control': 'no-store',
      'Set-Cookie': `we_tries=${tries}; Path=/; Max-Age=10; HttpOnly; SameSite=Lax${edge.prefix === '' ? '' : '; Secure'}`,
    },
  });
}

const TITLES = { 400: 'Bad Request', 429: 'Too Many Requests', 503: 'Service Unavailable' };

function problem(status, type, detail) {
  const headers = { 'Content-Type': 'application/problem+json', 'Cache-Control': 'no-store' };
  if (status !== 400) {
    headers['Retry-After'] = '2';
  }
  return new Response(JSON.stringify({ type: `urn:anteroom:problem:${type}`, title: TITLES[status], status, detail }), { status, headers });
}
