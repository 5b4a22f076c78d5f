'use strict';
// Polls the place, shows it, and goes in when it is the visitor's turn. The page works without it.
(() => {
  const { t, state, visit, name, base, self, retryMS, leftMS, through, brand } = page;
  const el = (id) => document.getElementById(id);
  const root = document.documentElement;
  const number = new Intl.NumberFormat(t.lang);
  const clock = new Intl.DateTimeFormat(t.lang, { dateStyle: 'full', timeStyle: 'short' });
  const VISIBLE_MS = 3000, LAST_MS = 10000; // how long one's turn is shown to who looks; how long before its end we go in for who does not
  let least = Infinity, failures = 0, announced = 0, message = visit && visit.message;

  const fill = (s, v) => s.replace(/\{(\w)\}/g, (_, k) => v[k]);
  const spread = (ms) => ms * (0.85 + Math.random() * 0.3);
  const now = () => performance.now(); // spans only: nobody's clock need be right
  const go = () => location.replace(self);

  // A browser slows the timers of a page down that nobody looks at, to one a minute: too seldom to be heard of. It does not slow a worker's.
  const later = (() => {
    let wanted = 0, call;
    const fire = (n) => { if (n === wanted) call(); };
    let worker;
    try {
      worker = new Worker(URL.createObjectURL(new Blob(['onmessage=(e)=>setTimeout(()=>postMessage(e.data[0]),e.data[1])'])));
      worker.onmessage = (e) => fire(e.data);
      worker.onerror = () => { worker = null; setTimeout(fire, 1000, wanted); };
    } catch { /* a timer of the page then */ }
    return (f, ms) => { // the one before is forgotten
      call = f;
      const n = ++wanted;
      if (worker) worker.postMessage([n, ms]); else setTimeout(fire, ms, n);
    };
  })();

  // The line never seems to go back, not after reloading the page either: the server reads this cookie too. Another number is another place.
  const note = (v) => {
    least = Math.min(least, v.ahead);
    document.cookie = `wl_${v.room}=${v.epoch}.${v.number}.${least};path=/;max-age=86400;samesite=lax${location.protocol === 'https:' ? ';secure' : ''}`;
  };

  // What is told to a screen reader: all of one moment at once, for the next telling replaces the one before.
  let telling = [];
  const tell = (text) => {
    if (!text) return;
    if (telling.push(text) === 1) queueMicrotask(() => { el('live').textContent = telling.join(' '); telling = []; });
  };

  const say = (which) => {
    const { title, lead } = t.states[which];
    root.dataset.state = which;
    if (el('title').textContent !== title) { el('title').textContent = title; tell(title); }
    el('lead').textContent = lead;
    document.title = `${title} · ${name}`;
  };
  const wait = (eta) => {
    if (!eta) return t.waitUnknown;
    const low = Math.floor(eta.low / 60), high = Math.ceil(eta.high / 60);
    if (high <= 1) return t.waitSoon;
    if (low === high) return fill(t.minutes, { a: low });
    if (low >= 120) return fill(t.hoursTo, { a: Math.floor(low / 60), b: Math.ceil(high / 60) });
    return fill(t.minutesTo, { a: low, b: high });
  };
  const span = (ms) => {
    const s = Math.ceil(Math.max(ms, 0) / 1000), two = (n) => String(n).padStart(2, '0');
    const days = Math.floor(s / 86400), hours = Math.floor(s / 3600) % 24, minutes = Math.floor(s / 60) % 60;
    const rest = `${two(minutes)}:${two(s % 60)}`;
    return days ? `${fill(t.days, { n: days })} ${two(hours)}:${rest}` : hours ? `${hours}:${rest}` : `${minutes}:${two(s % 60)}`;
  };
  const door = (p) => {
    el('leaf').setAttribute('transform', `translate(50 0) skewY(${(-7 * p).toFixed(1)}) scale(${(1 - 0.72 * p).toFixed(3)} 1) translate(-50 0)`);
    const x = 190 - 140 * 0.72 * p;
    el('floor').setAttribute('d', p > 0.03 ? `M${x.toFixed(0)} 275H190L${(205 + 15 * p).toFixed(0)} 330H${(x - 30 * p).toFixed(0)}z` : '');
  };

  // A span that runs down. Nothing is announced at each second: role=timer is silent.
  let ticking, until = 0;
  const countdown = (of, ms, each) => {
    clearInterval(ticking);
    el('clock').hidden = !(ms > 0);
    if (!(ms > 0)) return;
    until = now() + ms;
    el('clock-of').textContent = of;
    const tick = () => { el('left').textContent = span(until - now()); if (each) each(until - now()); };
    tick();
    ticking = setInterval(tick, 500);
  };

  const stateOf = (v) => {
    if (v.ended) return v.ended === 'sold_out' ? 'sold' : 'ended';
    if (v.state === 'prequeue') return !v.draw ? 'prequeue' : v.opens_at && !v.opens_in_ms ? 'drawing' : 'gather';
    if (v.state === 'admitted') return 'turn';
    if (v.state !== 'waiting') return v.state;
    return !v.eta_seconds ? 'paused' : v.drawn_position ? 'drawn' : 'waiting';
  };

  function show(v) {
    const which = stateOf(v), moving = which === 'waiting' || which === 'drawn' || which === 'paused';
    if (moving) note(v); // nobody is ahead before the opening: that is no position
    const ahead = Math.min(least, v.ahead), began = (v.drawn_position || v.number) - 1;
    const progress = which === 'turn' ? 1 : v.state === 'prequeue' ? 0 : 1 - ahead / Math.max(began, ahead, 1);
    el('ahead').textContent = number.format(ahead);
    el('progress').value = Math.round(progress * 1000);
    el('wait').textContent = wait(v.eta_seconds);
    el('message-text').textContent = v.message || '';
    el('message').hidden = !v.message;
    if (v.message && v.message !== message) tell(`${t.message}: ${v.message}`);
    message = v.message;
    door(progress);
    const opens = v.state === 'prequeue' && !v.ended && v.opens_at;
    el('opens').hidden = !opens;
    if (opens) {
      el('opens-at').dateTime = opens;
      el('opens-at').textContent = clock.format(new Date(opens)); // in the visitor's own time zone
    }
    if (which !== 'turn') countdown(t.opensIn, opens ? v.opens_in_ms : 0);
    el('drawn').hidden = !v.drawn_position;
    el('drawn-at').textContent = number.format(v.drawn_position || 0);
    say(which);
    if (which === 'waiting' || which === 'drawn') {
      document.title = `(${number.format(ahead)}) ${document.title}`;
      if (now() - announced > 60000 || !announced) { // a screen reader is told now and then, not at every poll
        announced = now();
        tell(`${fill(t.announce, { n: number.format(ahead) })} ${wait(v.eta_seconds)}`);
      }
    }
  }

  const button = (words) => { el('go').textContent = words; el('act').hidden = false; };

  // It is the visitor's turn. Who looks at the page goes in after a moment. Who does not is told, and has until the pass would go to the
  // next; shortly before that we go in, so that the turn is not lost.
  function turn(v) {
    show({ ...v, ahead: 0 });
    button(t.enter);
    ring();
    const ms = v.claim_in_ms || 60000;
    el('alert').textContent = `${t.states.turn.title} ${t.claimIn}: ${span(ms)}`;
    const last = Math.min(LAST_MS, ms / 3);
    let seen = document.hidden ? 0 : now();
    const look = () => {
      seen = document.hidden ? 0 : seen || now();
      if (until - now() <= last || (seen && now() - seen >= VISIBLE_MS)) return go();
      later(look, 250);
    };
    countdown(t.claimIn, ms);
    later(look, 250);
  }

  function over(which) {
    countdown();
    say(which);
    button(t.again);
  }

  // The host's look has changed: the page is loaded anew, each at another moment of some polls' time, for a crowd looks at it. Not while a
  // sound is awaited, which a page that was just loaded may not make, nor while a link is shown that is gone then.
  let renewal = Infinity;
  const stale = (v) => {
    if ((v.brand || '') === brand) renewal = Infinity;
    else if (renewal === Infinity) renewal = now() + 6 * Math.random() * v.poll_after_ms;
    return now() >= renewal && !audio && el('moving').hidden;
  };
  const stops = () => [...document.querySelectorAll('a[href],button,[tabindex]')];
  const renew = () => {
    try { sessionStorage.setItem('wl_focus', stops().indexOf(document.activeElement)); } catch { /* then the focus is lost */ }
    location.reload();
  };
  const refocus = () => {
    try {
      const stop = stops()[sessionStorage.getItem('wl_focus')];
      sessionStorage.removeItem('wl_focus');
      if (stop) stop.focus({ preventScroll: true });
    } catch { /* no storage */ }
  };

  let due = Infinity; // when the next poll is
  const again = (ms) => { due = now() + ms; later(poll, ms); };

  async function poll() {
    due = Infinity;
    let next;
    try {
      const answer = await fetch(`${base}/status`, { headers: { Accept: 'application/json' }, cache: 'no-store', signal: AbortSignal.timeout(10000) });
      if (answer.status === 410) return over(/moved/.test((await answer.json()).type) ? 'moved' : 'superseded');
      if (answer.status === 401 || answer.status === 404) return over('gone');
      if (answer.status === 503 && through && failures > 0) return go(); // the gate lets everybody in meanwhile
      if (!answer.ok) throw new Error(String(answer.status));
      const v = await answer.json();
      failures = 0;
      if (v.state === 'admitted' && !v.ended) return turn(v);
      if (v.state === 'expired' || v.state === 'passed') return over(v.state);
      show(v);
      if (stale(v)) return renew();
      next = v.poll_after_ms;
    } catch {
      failures += 1;
      // One answer lost is no outage; the page stays as it is until it is two.
      if (failures > 1) { countdown(); say('down'); }
      next = spread(Math.min(1000 * 2 ** failures, 15000));
    }
    again(next);
  }

  // After sleep, or when the network is back, nobody waits for a timer that has stood still.
  const wake = () => { if (!document.hidden && due < Infinity && (failures || now() > due)) again(0); };

  // Sound and notification, asked for by the visitor.
  let audio, notify = false;
  const ring = () => {
    if (!audio) return;
    [0, 0.28, 0.56].forEach((at, i) => chime(at, [659, 784, 988][i], 0.25));
    if (!notify || !document.hidden) return;
    try {
      const n = new Notification(t.states.turn.title, { body: name, tag: base });
      n.onclick = () => { window.focus(); n.close(); };
    } catch { /* phones want another way to notify; the sound is there */ }
  };
  const chime = (at, pitch, loud) => {
    const tone = audio.createOscillator(), gain = audio.createGain(), from = audio.currentTime + at;
    tone.frequency.value = pitch;
    gain.gain.setValueAtTime(loud, from);
    gain.gain.exponentialRampToValueAtTime(0.001, from + 0.9);
    tone.connect(gain).connect(audio.destination);
    tone.start(from);
    tone.stop(from + 1);
  };
  const toggle = async () => {
    const on = !audio;
    el('tell').setAttribute('aria-pressed', String(on));
    if (!on) { audio.close(); audio = null; notify = false; el('told').textContent = ''; return; }
    audio = new AudioContext();
    chime(0, 784, 0.08); // so that one knows what to listen for
    el('told').textContent = t.tellSound;
    notify = 'Notification' in window && (await Notification.requestPermission()) === 'granted';
    if (audio && notify) el('told').textContent = t.tellBoth;
  };

  const leave = async () => {
    if (!confirm(t.leaveSure)) return;
    const answer = await fetch(`${base}/ticket`, { method: 'DELETE' }).catch(() => null);
    if (answer && answer.ok) location.assign('/');
  };

  // The link to open on another device, without leaving the page: who leaves it is not heard of.
  const move = async (event) => {
    event.preventDefault();
    el('moving').hidden = false;
    try {
      const answer = await fetch(`${base}/move`, { method: 'POST', headers: { Accept: 'application/json', 'Content-Type': 'application/json' }, body: JSON.stringify({ return_to: self[0] === '/' ? self : '' }) });
      if (!answer.ok) throw new Error(String(answer.status));
      const { url, qr } = await answer.json();
      el('moving-how').textContent = t.moveHow;
      el('moving-link').textContent = el('moving-link').href = new URL(url, location.href).href;
      el('moving-code').setAttribute('d', qr.path);
      el('moving-code').parentNode.setAttribute('viewBox', `0 0 ${qr.size} ${qr.size}`);
      el('moving-to').hidden = false;
    } catch {
      el('moving-how').textContent = t.moveFail;
      el('moving-to').hidden = true;
    }
  };

  if (!visit) {
    countdown(t.opensIn, leftMS);
    if (leftMS) el('opens-at').textContent = clock.format(new Date(el('opens-at').dateTime));
    if (retryMS) setTimeout(go, spread(retryMS));
    return;
  }
  show(visit);
  for (const id of ['tell', 'leave']) el(id).hidden = false;
  el('tell').addEventListener('click', toggle);
  el('leave').addEventListener('click', leave);
  el('move').addEventListener('submit', move);
  document.addEventListener('visibilitychange', wake);
  addEventListener('online', wake);
  addEventListener('pageshow', wake);
  refocus();
  again(visit.poll_after_ms);
})();
