'use strict';
// Polls the place, shows it, and moves on when it is the visitor's turn. The page works without it.
(() => {
  const { t, visit, statusURL, ticketURL, self, retryMS } = page;
  const at = (id) => document.getElementById(id);
  const root = document.documentElement;
  const number = new Intl.NumberFormat(t.lang);
  let least = visit ? visit.ahead : 0, failures = 0, announced = 0;

  const fill = (s, v) => s.replace(/\{(\w)\}/g, (_, k) => v[k]);
  const spread = (ms) => ms * (0.85 + Math.random() * 0.3);
  const go = () => location.replace(self);
  const say = (title, lead) => {
    if (at('title').textContent !== title) { at('title').textContent = title; at('live').textContent = title; }
    at('lead').textContent = lead;
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
    at('leaf').setAttribute('transform', `translate(50 0) skewY(${(-7 * p).toFixed(1)}) scale(${(1 - 0.72 * p).toFixed(3)} 1) translate(-50 0)`);
    const x = 190 - 140 * 0.72 * p;
    at('floor').setAttribute('d', p > 0.03 ? `M${x.toFixed(0)} 275H190L${(205 + 15 * p).toFixed(0)} 330H${(x - 30 * p).toFixed(0)}z` : '');
  };

  function show(v) {
    least = Math.min(least, v.ahead); // the line never seems to go back
    root.dataset.state = v.state;
    const progress = v.state === 'admitted' ? 1 : 1 - least / Math.max(v.number - 1, least, 1);
    at('ahead').textContent = number.format(least);
    at('progress').value = Math.round(progress * 1000);
    at('wait').textContent = wait(v.eta_seconds);
    at('message-text').textContent = v.message || '';
    at('message').hidden = !v.message;
    door(progress);
    if (v.state === 'closed') say(t.titleClosed, t.leadClosed);
    else if (!v.eta_seconds) say(t.titlePaused, t.leadPaused);
    else {
      say(t.titleWaiting, t.leadWaiting);
      document.title = `(${number.format(least)}) ${document.title}`;
    }
    if (Date.now() - announced > 60000) { // a screen reader is told now and then, not at every poll
      announced = Date.now();
      at('live').textContent = fill(t.announce, { n: number.format(least) }) + ' ' + wait(v.eta_seconds);
    }
  }

  function over(lead) {
    root.dataset.state = 'expired';
    say(t.titleOver, lead);
    at('place').hidden = true;
    at('again').hidden = false;
  }

  async function poll() {
    let next = 0;
    try {
      const answer = await fetch(statusURL, { headers: { Accept: 'application/json' }, cache: 'no-store', signal: AbortSignal.timeout(10000) });
      if (answer.status === 410) return over(t.leadNew);
      if (answer.status === 401 || answer.status === 404) return over(t.leadOver);
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

  if (!visit) { if (retryMS) setTimeout(go, spread(retryMS)); return; }
  at('leave').hidden = false;
  at('leave').addEventListener('click', async () => {
    if (!confirm(t.leaveSure)) return;
    const answer = await fetch(ticketURL, { method: 'DELETE' }).catch(() => null);
    if (answer && answer.ok) location.assign('/');
  });
  setTimeout(poll, visit.poll_after_ms);
})();
