// Runs the Worker on this machine, to try it out and for tests: EDGE_KEYS="$(cat keys/edge.json)" ORIGIN=http://127.0.0.1:8080 node local.mjs
// It listens on 127.0.0.1, at PORT or a free one, and prints its address.
import { createServer, request as send } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import worker from './worker.mjs';

const HOP_BY_HOP = ['connection', 'host', 'keep-alive', 'transfer-encoding', 'content-length'];

// Node's own fetch says "Sec-Fetch-Mode: cors" of everything, which no edge does, and by which the gateway takes a person for a program.
globalThis.fetch = async (input, init) => {
  const request = new Request(input, init);
  const body = request.body ? Buffer.from(await request.arrayBuffer()) : undefined;
  return new Promise((resolve, reject) => {
    const onward = send(request.url, { method: request.method, headers: Object.fromEntries(request.headers), signal: init?.signal }, (res) => {
      const headers = new Headers();
      for (let i = 0; i + 1 < res.rawHeaders.length; i += 2) {
        headers.append(res.rawHeaders[i], res.rawHeaders[i + 1]);
      }
      const empty = request.method === 'HEAD' || res.statusCode === 204 || res.statusCode === 304;
      resolve(new Response(empty ? null : Readable.toWeb(res), { status: res.statusCode, headers }));
    });
    onward.on('error', reject).end(body);
  });
};

const server = createServer(async (req, res) => {
  try {
    const headers = new Headers();
    for (let i = 0; i + 1 < req.rawHeaders.length; i += 2) {
      if (!HOP_BY_HOP.includes(req.rawHeaders[i].toLowerCase())) {
        headers.append(req.rawHeaders[i], req.rawHeaders[i + 1]);
      }
    }
    const reads = req.method === 'GET' || req.method === 'HEAD';
    const request = new Request(`http://${req.headers.host}${req.url}`, {
      method: req.method,
      headers,
      body: reads ? undefined : Readable.toWeb(req),
      duplex: 'half',
    });
    const answer = await worker.fetch(request, process.env);
    const given = [...answer.headers].filter(([name]) => !HOP_BY_HOP.includes(name) && name !== 'set-cookie');
    res.writeHead(answer.status, [...given, ...answer.headers.getSetCookie().map((cookie) => ['set-cookie', cookie])].flat());
    await (answer.body ? pipeline(Readable.fromWeb(answer.body), res) : res.end());
  } catch (err) {
    res.headersSent ? res.destroy() : res.writeHead(502).end(`${err.message}\n`);
  }
});
server.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () => process.stdout.write(`http://127.0.0.1:${server.address().port}\n`));
