'use strict';
const every = 2000;
const main = document.getElementById('main');
document.getElementById('host').textContent = location.host;

// el makes an element; what is text stays text.
function el(tag, classes, ...children) {
  const e = document.createElement(tag);
  if (classes) e.className = classes;
  e.append(...children.filter((c) => c !== null && c !== undefined && c !== ''));
  return e;
}

const whole = new Intl.NumberFormat('en');
function number(n) {
  if (Math.abs(n) >= 1e6) return (n / 1e6).toFixed(2) + ' M';
  if (Math.abs(n) >= 100 || Number.isInteger(n)) return whole.format(Math.round(n));
  return n.toFixed(Math.abs(n) < 10 ? 2 : 1);
}
function seconds(s) {
  if (s === 0) return '–';
  if (s < 0.01) return (s * 1000).toFixed(2) + ' ms';
  if (s < 1) return (s * 1000).toFixed(0) + ' ms';
  return s < 120 ? s.toFixed(1) + ' s' : (s / 60).toFixed(0) + ' min';
}
const newest = (series) => (series.length ? series[series.length - 1] : 0);
// lately is the mean of the last ten seconds: the last step alone jumps.
const lately = (series) => {
  const tail = series.slice(-5);
  return tail.length ? tail.reduce((a, b) => a + b, 0) / tail.length : 0;
};

// spark draws a series from 0 to its greatest value.
function spark(series, colour, label, format) {
  const ns = 'http://www.w3.org/2000/svg';
  const svg = document.createElementNS(ns, 'svg');
  const top = Math.max(...series, 1e-9);
  svg.setAttribute('class', 'spark ' + colour);
  svg.setAttribute('viewBox', '0 0 100 30');
  svg.setAttribute('preserveAspectRatio', 'none');
  svg.setAttribute('role', 'img');
  svg.setAttribute('aria-label', `${label}: now ${format(newest(series))}, at most ${format(series.length ? Math.max(...series) : 0)}`);
  if (series.length > 1) {
    const points = series.map((v, i) => `${((i / (series.length - 1)) * 100).toFixed(2)} ${(29 - (v / top) * 28).toFixed(2)}`);
    for (const [kind, d] of [['area', `M0 30L${points.join('L')}L100 30Z`], ['', `M${points.join('L')}`]]) {
      const path = document.createElementNS(ns, 'path');
      if (kind) path.setAttribute('class', kind);
      path.setAttribute('d', d);
      svg.append(path);
    }
  }
  const title = document.createElementNS(ns, 'title');
  title.textContent = svg.getAttribute('aria-label');
  svg.prepend(title);
  return svg;
}

const tile = (name, value, unit, series, colour) =>
  el('div', 'card tile', el('small', '', name), el('b', '', value, ' ', el('small', '', unit || '')), series ? spark(series, colour, name, number) : null);

const perSecond = (name, series, colour) => tile(name, number(lately(series)), '/ s', series, colour);

function graph(name, series, colour, now, unit) {
  return el('div', '', el('p', '', name, el('b', '', number(now), ' ', unit || '')), spark(series, colour, name, number));
}

const pair = (name, value, classes) => el('div', '', el('dt', '', name), el('dd', classes || '', value));

const phases = { open: 'good', queue: 'good', prequeue: 'warn', hold: 'warn', draining: 'warn', closed: 'bad' };

function plain(value) {
  if (value === null || typeof value !== 'object') return typeof value === 'number' ? number(value) : String(value);
  return Object.entries(value).map(([k, v]) => `${k.replaceAll('_', ' ')} ${plain(v)}`).join(', ');
}

function room(r) {
  const more = Object.entries(r.more || {}).filter(([, v]) => v !== null && plain(v) !== '');
  return el('article', 'card room',
    el('div', 'top', el('h3', '', r.name), el('span', 'badge ' + (phases[r.phase] || ''), r.ended ? 'ended: ' + r.ended.replace('_', ' ') : r.phase),
      el('span', 'dim', `${r.method} · mode ${r.mode} · in an outage ${r.on_outage} · epoch ${r.epoch} · version ${r.version}`)),
    el('dl', 'figures',
      pair('waiting', number(r.waiting)), pair('active', `${number(r.active)} / ${number(r.max_active)}`),
      pair('last 60 s', `${number(r.admitted_last_minute)} / ${number(r.rate_per_minute)}`), pair('admitted', number(r.admitted_total)),
      pair('issued', number(r.issued)), pair('serving', number(r.serving)),
      pair('view', seconds(r.view_age_seconds) + ' old', r.stale ? 'bad' : ''),
      pair('joins a batch', r.batch.n ? `${number(r.batch.p50)} · p99 ${number(r.batch.p99)}` : '–')),
    el('div', 'graphs',
      graph('joins', r.joins, 'a', lately(r.joins), '/ s'), graph('admissions', r.admitted, 'b', lately(r.admitted), '/ s'),
      graph('waiting', r.waiting_series, 'c', r.waiting), graph('active', r.active_series, 'b', r.active)),
    more.length ? el('p', 'more', ...more.flatMap(([k, v], i) => [i ? ' · ' : '', k.replaceAll('_', ' ') + ' ', el('b', '', plain(v))])) : null);
}

function table(head, rows, empty) {
  if (!rows.length) return el('p', 'dim', empty);
  const cell = (tag) => (c) => (c instanceof HTMLTableCellElement ? c : el(tag, '', c));
  return el('div', 'wide', el('table', '', el('thead', '', el('tr', '', ...head.map(cell('th')))), el('tbody', '', ...rows.map((r) => el('tr', '', ...r.map(cell('td')))))));
}

function upstream(u) {
  const errors = u.errors.reduce((n, e) => n + e.recent, 0);
  const sick = u.health.filter((a) => !a.healthy);
  const health = !u.health.length ? '–' : el('span', sick.length ? 'bad' : 'good', sick.length ? `${sick.length} of ${u.health.length} down: ${sick.map((a) => a.address).join(', ')}` : `${u.health.length} up`);
  return [u.name, number(lately(u.requests)), el('td', 'grow', spark(u.requests, 'a', u.name + ' requests', number)), seconds(u.latency.p50), seconds(u.latency.p95), seconds(u.latency.p99),
    el('td', 'grow', spark(u.p95_seconds, 'c', u.name + ' p95', seconds)),
    el('span', errors ? 'bad' : '', number(errors) + (errors ? ' (' + u.errors.map((e) => e.reason).join(', ') + ')' : '')), health];
}

const section = (title, ...children) => el('section', '', el('h2', '', title), ...children);

function draw(d) {
  const g = d.gate;
  const minutes = Math.max(Math.round(d.over_seconds / 60), 1);
  const lately5 = d.over_seconds < 90 ? `last ${Math.round(d.over_seconds)} s` : `last ${minutes} min`;
  main.replaceChildren(
    el('div', 'tiles', perSecond('requests', g.requests, 'a'), perSecond('admitted requests', g.admitted, 'b'), perSecond('told to wait', g.waiting, 'c'),
      perSecond('refused', g.refused, 'd'), perSecond('failed (5xx)', g.failed, 'd'),
      tile('connections', number(d.connections), ''), tile('event streams', number(d.streams), '')),
    section(`Rooms (${d.rooms.length})`, d.rooms.length ? el('div', 'rooms', ...d.rooms.map(room)) : el('p', 'dim', 'There are no rooms.')),
    section(`Upstreams, ${lately5}`, el('div', 'card', table(['upstream', 'per s', el('th', '', 'requests'), 'p50', 'p95', 'p99', 'p95', 'errors', 'addresses'], d.upstreams.map(upstream), 'Nothing was forwarded yet.'))),
    el('div', 'two',
      section(`Refused, ${lately5}`, el('div', 'card', table(['reason', el('th', 'left', 'room'), lately5, 'since the start'], d.refused.slice(0, 30).map((e) => [e.reason, el('td', 'left', e.room || '–'), number(e.recent), number(e.total)]), 'Nobody was refused.'))),
      el('div', '',
        section('The line in Redis', el('div', 'card', el('p', '', el('span', 'badge ' + (d.line.up ? 'good' : 'bad'), d.line.up ? 'answers' : 'does not answer')),
          table(['failed calls by cause', lately5, 'since the start'], d.line.errors.map((e) => [e.reason, number(e.recent), number(e.total)]), 'No call has failed.'))),
        section('This gateway', el('div', 'card', table(['', el('th', 'left', '')], d.facts.map((f) => [f.name, el('td', 'left', f.value)]).concat([['up since', el('td', 'left', new Date(d.started).toLocaleString())], ['log lines left out', el('td', 'left', number(d.logs_left_out))]]), ''))))));
}

async function state() {
  const badge = (kind, text) => document.getElementById('state').replaceChildren(el('span', 'badge ' + kind, text));
  try {
    const answer = await (await fetch('/readyz', { cache: 'no-store' })).json();
    const wrong = Object.entries(answer.checks).filter(([, v]) => v !== 'ok').map(([k, v]) => (k === 'service' ? v : `${k}: ${v}`));
    badge(answer.ready ? 'good' : 'bad', answer.ready ? 'ready' : 'not ready: ' + wrong.join('; '));
  } catch {
    badge('bad', 'the gateway does not answer');
  }
}

async function refresh() {
  if (!document.hidden) {
    try {
      const d = await (await fetch('/ops/data', { cache: 'no-store' })).json();
      draw(d);
      document.getElementById('clock').textContent = 'as of ' + new Date(d.as_of).toLocaleTimeString();
    } catch (e) {
      console.error(e);
    }
    await state();
  }
  setTimeout(refresh, every);
}
refresh();
