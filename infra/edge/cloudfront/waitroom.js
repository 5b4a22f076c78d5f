// The waiting room's gate in a CloudFront Function: viewer request, runtime cloudfront-js-2.0. It lets through who holds a pass for edges
// (an HS256 JWT of the gateway, in the cookie we_<room>) and sends everybody else to the waiting page. See README.md beside this file.
//
// This runtime has no fetch and no modules of one's own, so what varies is written here.
const crypto = require('crypto');

const CONFIG = {
  // "k" of the file made by `waitroom keys edge`, by its "kid". Several may be given, for the time of a change.
  keys: {},
  // The gated paths; the first group is the room.
  gated: [/^\/api\/v1\/shows\/([a-z0-9][a-z0-9-]*)\/.+$/, /^\/shows\/([a-z0-9][a-z0-9-]*)\/seats(?:\/.*)?$/],
  // The lowest epoch whose passes count, by room; raise it after a line was started anew. Rooms that are left out are not looked at.
  epochs: {},
  // Visitors come by HTTPS: the cookies carry the __Host- prefix, as the gateway's do with --secure-cookies.
  secure: true,
};

const LEEWAY_MS = 60000; // by how much our clock may be behind that of the line
const MAX_TOKENS = 4; // of one name that are looked at
const MAX_RETURN = 2000; // characters of the way back
const MAX_TRIES = 3; // times somebody is sent to the waiting page whom that sends back at once

function handler(event) {
  const request = event.request;
  const room = roomOf(request.uri);
  if (room === '') {
    return request;
  }
  if (room === null) {
    return problem(400, 'Bad Request', 'path-not-plain', 'The path is written in a way that could be read as another one.');
  }
  const why = judge(values(request.cookies, cookieName('we_' + room)), room, Date.now());
  return why === '' ? request : away(request, room, why);
}

// roomOf is the room that a path is behind: '' for none, null for a path that some would take for a gated one and others not. What is no
// ASCII, and spaces, may be escaped.
function roomOf(path) {
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
  for (let i = 0; i < 3 && plain.indexOf('%') >= 0; i++) {
    plain = plain.replace(/%([0-9a-f]{2})/gi, function (_, hex) { return String.fromCharCode(parseInt(hex, 16)); });
  }
  const out = [];
  plain.replace(/\\/g, '/').split('/').forEach(function (raw) {
    const part = raw.split(';')[0].trim();
    if (part === '..') {
      out.pop();
    } else if (part !== '' && part !== '.') {
      out.push(part);
    }
  });
  return '/' + out.join('/') + (out.length > 0 && /\/$/.test(plain) ? '/' : '');
}

function match(path) {
  for (let i = 0; i < CONFIG.gated.length; i++) {
    const found = CONFIG.gated[i].exec(path);
    if (found) {
      return found[1];
    }
  }
  return '';
}

function cookieName(name) {
  return (CONFIG.secure ? '__Host-' : '') + name;
}

// values are those of all cookies of one name.
function values(cookies, name) {
  const cookie = cookies && Object.prototype.hasOwnProperty.call(cookies, name) ? cookies[name] : null;
  if (!cookie) {
    return [];
  }
  return (cookie.multiValue || [cookie]).map(function (one) { return one.value; });
}

// judge returns '' when one of the tokens is good, else what is wrong with the first.
function judge(tokens, room, now) {
  let why = 'missing';
  for (let i = 0; i < tokens.length && i < MAX_TOKENS; i++) {
    const wrong = verify(tokens[i], room, now);
    if (wrong === '') {
      return '';
    }
    why = i === 0 ? wrong : why;
  }
  return why;
}

function verify(token, room, now) {
  if (token.length > 2048 || !/^[\w-]+\.[\w-]+\.[\w-]+$/.test(token)) {
    return 'invalid';
  }
  const parts = token.split('.');
  const header = decode(parts[0]);
  // What is accepted is ours to say, not the token's: no other algorithm, no other type.
  if (!header || header.alg !== 'HS256' || header.typ !== 'wr-edge+jwt' || header.crit !== undefined ||
      !Object.prototype.hasOwnProperty.call(CONFIG.keys, header.kid)) {
    return 'invalid';
  }
  const key = Buffer.from(CONFIG.keys[header.kid], 'base64url');
  const mac = crypto.createHmac('sha256', key).update(parts[0] + '.' + parts[1]).digest('base64url');
  if (key.length < 32 || !same(mac, parts[2])) {
    return 'invalid';
  }
  const claims = decode(parts[1]);
  if (!claims || claims.iss !== 'anteroom' || typeof claims.exp_ms !== 'number' || typeof claims.nbf !== 'number' || typeof claims.epoch !== 'number') {
    return 'invalid';
  }
  if (claims.aud !== room) {
    return 'other-room';
  }
  if (now >= claims.exp_ms) {
    return 'expired';
  }
  if (now + LEEWAY_MS < claims.nbf * 1000) {
    return 'not-yet';
  }
  const epoch = Object.prototype.hasOwnProperty.call(CONFIG.epochs, room) ? CONFIG.epochs[room] : 0;
  return claims.epoch < epoch ? 'superseded' : '';
}

function decode(part) {
  try {
    const value = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return value && typeof value === 'object' ? value : null;
  } catch (_) {
    return null;
  }
}

// same compares in a time that says nothing of where two texts differ.
function same(a, b) {
  if (a.length !== b.length) {
    return false;
  }
  let differ = 0;
  for (let i = 0; i < a.length; i++) {
    differ |= a.charCodeAt(i) ^ b.charCodeAt(i);
  }
  return differ === 0;
}

// away sends a person to the waiting page, and tells a program that it has to wait.
function away(request, room, why) {
  const reads = request.method === 'GET' || request.method === 'HEAD';
  const mode = header(request, 'sec-fetch-mode');
  if (!reads || (mode !== '' && mode !== 'navigate') || header(request, 'accept').indexOf('text/html') < 0) {
    return problem(429, 'Too Many Requests', 'waiting', 'This path is behind the waiting room; join the line at /waitroom/v1/' + room + '/join.');
  }
  const tries = 1 + (parseInt(values(request.cookies, 'we_tries')[0], 10) || 0);
  if (tries > MAX_TRIES && values(request.cookies, cookieName('wp_' + room)).length > 0) {
    // The gateway thinks that they are in, and we do not: going back and forth would not end.
    return problem(503, 'Service Unavailable', 'edge-disagrees', 'The edge does not accept the pass that the gateway gives (' + why + ').');
  }
  let back = request.uri + query(request.querystring);
  back = back.length > MAX_RETURN ? request.uri : back;
  back = back.length > MAX_RETURN ? '/' : back;
  return {
    statusCode: 302,
    statusDescription: 'Found',
    headers: {
      location: { value: '/waitroom/v1/' + room + '/wait?return=' + encodeURIComponent(back) },
      'cache-control': { value: 'no-store' },
    },
    cookies: { we_tries: { value: String(tries), attributes: 'Path=/; Max-Age=10; HttpOnly; SameSite=Lax' + (CONFIG.secure ? '; Secure' : '') } },
  };
}

function header(request, name) {
  return request.headers[name] ? request.headers[name].value : '';
}

// query writes the query again; the runtime gives names and values as they came.
function query(args) {
  const parts = [];
  Object.keys(args || {}).forEach(function (name) {
    (args[name].multiValue || [args[name]]).forEach(function (one) {
      parts.push(one.value === '' ? name : name + '=' + one.value);
    });
  });
  return parts.length > 0 ? '?' + parts.join('&') : '';
}

function problem(status, title, type, detail) {
  const headers = { 'content-type': { value: 'application/problem+json' }, 'cache-control': { value: 'no-store' } };
  if (status !== 400) {
    headers['retry-after'] = { value: '2' };
  }
  return {
    statusCode: status, statusDescription: title, headers: headers,
    body: JSON.stringify({ type: 'urn:anteroom:problem:' + type, title: title, status: status, detail: detail }),
  };
}
