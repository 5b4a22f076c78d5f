'use strict';
// Polls the place, shows it, and moves on when it is the visitor's turn. The page works without it.
(() => {
  const { t, visit, statusURL, ticketURL, self, retryMS, through } = page;
  const el = (id) => document.getElementById(id);
  const root = document.documentElement;
  const number = new Intl.NumberFormat(t.lang);
  const clock = new Intl.DateTimeFormat(t.lang, { dateStyle: 'full', timeStyle: 'short' });
  let least = Infinity, failures = 0, announced = 0;

  // The line never seems to go back, not after reloading the page either. Another number is another place. A browser may keep nothing.
  const note = (v) => {
    const name = `wr:${v.room}:${v.epoch}:${v.number}`;
    least = Math.min(least, v.ahead);
    try {
      const kept = sessionStorage.getItem(name);
      if (kept !== null && Number(kept) >= 0) least = Math.min(least, Number(kept));
      sessionStorage.setItem(name, String(least));
    } catch { /* without storage, from here on */ }
  };

  const fill = (s, v) => s.replace(/\{(\w)\}/g, (_, k) => v[k]);
  const spread = (ms) => ms * (0.85 + Math.random() * 0.3);
  const go = () => location.replace(self);
  const say = (title, lead) => {
    if (el('title').textContent !== title) { el('title').textContent = title; el('live').textContent = title; }
    el('lead').textContent = lead;
    document.title = title + ' · Anteroom';
  };
  const wait = (eta) => {
    if (!eta) return t.waitUnknown;
    const low = Math.floor(eta.low / 60), high = Math.ceil(eta.high / 60);
    if (high <= 1) return t.waitSoon;
    if (low === high) return fill(t.minutes, { a: low });
    if (low >= 120) return fill(t.hoursTo, { a: Math.floor(low / 60), b: Math.ceil(high / 60) });
    return fill(t.minutesTo, { a: low, b: high });
  };
  const door = (p) => {
    el('leaf').setAttribute('transform', `translate(50 0) skewY(${(-7 * p).toFixed(1)}) scale(${(1 - 0.72 * p).toFixed(3)} 1) translate(-50 0)`);
    const x = 190 - 140 * 0.72 * p;
    el('floor').setAttribute('d', p > 0.03 ? `M${x.toFixed(0)} 275H190L${(205 + 15 * p).toFixed(0)} 330H${(x - 30 * p).toFixed(0)}z` : '');
  };

  function show(v) {
    const moving = v.state !== 'prequeue' && !v.ended;
    if (moving) note(v); // nobody is ahead before the opening: that is no position
    root.dataset.state = v.ended ? 'ended' : v.state;
    const ahead = Math.min(least, v.ahead);
    const progress = v.state === 'admitted' ? 1 : v.state === 'prequeue' ? 0 : 1 - ahead / Math.max(v.number - 1, ahead, 1);
    el('ahead').textContent = number.format(ahead);
    el('progress').value = Math.round(progress * 1000);
    el('wait').textContent = wait(v.eta_seconds);
    el('message-text').textContent = v.message || '';
    el('message').hidden = !v.message;
    door(progress);
    opens(v.state === 'prequeue' && v.opens_at);
    if (v.ended) say(...(v.ended === 'sold_out' ? [t.titleSold, t.leadSold] : [t.titleEnded, t.leadEnded]));
    else if (v.state === 'prequeue') say(t.titleSoon, t.leadSoon);
    else if (v.state === 'closed') say(t.titleClosed, t.leadClosed);
    else if (!v.eta_seconds) say(t.titlePaused, t.leadPaused);
    else {
      say(t.titleWaiting, t.leadWaiting);
      document.title = `(${number.format(ahead)}) ${document.title}`;
    }
    if (moving && Date.now() - announced > 60000) { // a screen reader is told now and then, not at every poll
      announced = Date.now();
      el('live').textContent = fill(t.announce, { n: number.format(ahead) }) + ' ' + wait(v.eta_seconds);
    }
  }

  // The opening in the visitor's own time.
  function opens(at) {
    el('opens').hidden = !at;
    if (!at) return;
    el('opens-at').dateTime = at;
    el('opens-at').textContent = clock.format(new Date(at));
  }

  function over(lead) {
    root.dataset.state = 'expired';
    say(t.titleOver, lead);
    el('place').hidden = true;
    el('again').hidden = false;
  }

  async function poll() {
    let next = 0;
    try {
      const answer = await fetch(statusURL, { headers: { Accept: 'application/json' }, cache: 'no-store', signal: AbortSignal.timeout(10000) });
      if (answer.status === 410) return over(t.leadNew);
      if (answer.status === 401 || answer.status === 404) return over(t.leadOver);
      if (answer.status === 503 && through && failures > 0) return go(); // the gate lets everybody in meanwhile
      if (!answer.ok) throw new Error(String(answer.status));
      const v = await answer.json();
      failures = 0;
      if (v.state === 'admitted') { show({ ...v, ahead: 0, eta_seconds: { low: 0, high: 1 } }); say(t.titleTurn, t.leadTurn); return go(); }
      if (v.state === 'expired' || v.state === 'passed') return over(t.leadOver);
      show(v);
      next = v.poll_after_ms;
    } catch {
      failures += 1;
      // One answer lost is no outage; the page stays as it is until it is two.
      if (failures > 1) { root.dataset.state = 'down'; say(t.titleDown, t.leadDown); }
      next = spread(Math.min(1000 * 2 ** failures, 15000));
    }
    setTimeout(poll, next);
  }

  if (visit) show(visit);
  if (!visit) { if (retryMS) setTimeout(go, spread(retryMS)); return; }
  el('leave').hidden = false;
  el('leave').addEventListener('click', async () => {
    if (!confirm(t.leaveSure)) return;
    const answer = await fetch(ticketURL, { method: 'DELETE' }).catch(() => null);
    if (answer && answer.ok) location.assign('/');
  });
  setTimeout(poll, visit.poll_after_ms);
})();
