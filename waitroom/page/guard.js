// Takes a place for who must solve a puzzle first, or give a presale code: see docs/guards.md. It stands behind page.js in those states only.
(() => {
  const { t, state, base, self } = page;
  const el = (id) => document.getElementById(id);

  // Runs in a worker, so it uses nothing from outside. The text is one block of SHA-256 (FIPS 180-4), whose constants are the first 32 bits
  // behind the point of the roots of the first primes.
  function solver() {
    const primes = [];
    for (let n = 2; primes.length < 64; n++) if (primes.every((p) => n % p)) primes.push(n);
    const fraction = (x) => ((x - Math.floor(x)) * 2 ** 32) | 0;
    const H = primes.slice(0, 8).map((p) => fraction(Math.sqrt(p)));
    const K = primes.map((p) => fraction(Math.cbrt(p)));
    const w = new Int32Array(64);
    const rotate = (x, n) => (x >>> n) | (x << (32 - n));
    const first = (text) => {
      const size = text.length;
      w.fill(0, 0, 16);
      for (let i = 0; i < size; i++) w[i >> 2] |= text.charCodeAt(i) << (24 - 8 * (i & 3));
      w[size >> 2] |= 0x80 << (24 - 8 * (size & 3));
      w[15] = size * 8;
      for (let i = 16; i < 64; i++) {
        const a = w[i - 15], b = w[i - 2];
        w[i] = w[i - 16] + w[i - 7] + (rotate(a, 7) ^ rotate(a, 18) ^ (a >>> 3)) + (rotate(b, 17) ^ rotate(b, 19) ^ (b >>> 10));
      }
      let [a, b, c, d, e, f, g, h] = H;
      for (let i = 0; i < 64; i++) {
        const x = (h + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) + ((e & f) ^ (~e & g)) + K[i] + w[i]) | 0;
        const y = ((rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
        h = g; g = f; f = e; e = (d + x) | 0; d = c; c = b; b = a; a = (x + y) | 0;
      }
      return (H[0] + a) | 0;
    };
    return (challenge, bits, from, to) => {
      for (let n = from; n < to; n++) if (Math.clz32(first(`${challenge}.${n}`)) >= bits) return `${challenge}.${n}`;
      return '';
    };
  }

  // In a worker where there is one; else a little at a time, so that the page stays alive.
  const solve = (challenge, bits) => new Promise((done) => {
    const here = async () => {
      const search = solver();
      for (let n = 0; ; n += 2000) {
        const found = search(challenge, bits, n, n + 2000);
        if (found) return done(found);
        await new Promise((next) => setTimeout(next));
      }
    };
    try {
      const worker = new Worker(URL.createObjectURL(new Blob([`onmessage=(e)=>postMessage((${solver})()(...e.data,0,Infinity))`])));
      worker.onmessage = (e) => { worker.terminate(); done(e.data); };
      worker.onerror = () => { worker.terminate(); here(); };
      worker.postMessage([challenge, bits]);
    } catch { here(); }
  });

  const again = (s) => setTimeout(() => location.replace(self), 1000 * s);

  async function join(code, proof) {
    const headers = { Accept: 'application/json' };
    if (code) headers['Waitroom-Code'] = code;
    if (proof) headers['Waitroom-Proof'] = proof;
    let answer, problem;
    try {
      answer = await fetch(`${base}/join`, { method: 'POST', headers, cache: 'no-store', signal: AbortSignal.timeout(15000) });
      if (answer.ok) return location.replace(self); // with the ticket, which is a cookie now
      problem = await answer.json();
    } catch { // the answer is lost, and perhaps not the place: who sends the same again gets the one that was given
      await new Promise((next) => setTimeout(next, 5000));
      return join(code, proof);
    }
    switch (problem.type.split(':').pop()) {
      case 'proof-required':
        return join(code, await solve(problem.challenge, problem.bits));
      case 'code-required': // where the puzzle is wanted as well, the code is asked for behind it
        document.documentElement.dataset.state = 'code';
        el('title').textContent = t.states.code.title;
        el('lead').textContent = t.states.code.lead;
        ask();
        return el('code-text').focus();
      case 'code-invalid':
        el('code-wrong').textContent = t.codeWrong;
        el('code-text').setAttribute('aria-invalid', 'true');
        return el('code-text').focus();
      default: // the page that comes says why
        return again(Math.min(Number(answer.headers.get('Retry-After')) || 5, 60));
    }
  }

  const ask = () => { el('code').hidden = false; };
  el('code').addEventListener('submit', async (e) => {
    e.preventDefault();
    const button = el('code').querySelector('button');
    button.disabled = true;
    el('code-wrong').textContent = '';
    await join(el('code-text').value);
    button.disabled = false;
  });
  if (state === 'proof') join(); else ask();
})();
