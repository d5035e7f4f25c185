import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import path from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

const types = {
  '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.css': 'text/css; charset=utf-8', '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml', '.png': 'image/png', '.woff2': 'font/woff2', '.ttf': 'font/ttf', '.txt': 'text/plain; charset=utf-8', '.xml': 'application/xml; charset=utf-8', '.ico': 'image/x-icon', '.webmanifest': 'application/manifest+json',
};
const compressible = /^(text|application|image\/svg)/;
const compress = {
  br: (data) => promisify(brotliCompress)(data, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }),
  gzip: promisify(gzip),
};

/** Nobody may frame the course, guess its types or learn from where its readers come. */
const always = { 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer', 'cross-origin-opener-policy': 'same-origin', 'permissions-policy': 'camera=(), geolocation=(), microphone=()' };
/** For what is no page: a script that runs as a worker gets its policy from here. */
const ofFiles = `default-src 'none'; script-src 'self'; connect-src 'self'; worker-src 'self'; frame-ancestors 'none'`;

/** The policy that the build wrote into the page, as a header, with what only a header can say. */
function policyOf(html) {
  const policy = /http-equiv="?Content-Security-Policy"?\s+content="([^"]*)"/i.exec(html)?.[1];
  return policy === undefined ? ofFiles : `${policy.replaceAll('&#39;', "'").replaceAll('&amp;', '&')}; frame-ancestors 'none'`;
}

/** /a/b → build/a/b, a/b.html or a/b/index.html; undefined when there is none. Never outside the folder. */
async function find(folder, pathname) {
  const wanted = path.join(folder, path.normalize(pathname));
  if (wanted !== folder && !wanted.startsWith(folder + path.sep)) return undefined;
  if (path.basename(wanted).startsWith('.')) return undefined;
  for (const file of [wanted, `${wanted.replace(/[\\/]$/, '')}.html`, path.join(wanted, 'index.html')]) {
    const found = await stat(file).catch(() => undefined);
    if (found?.isFile()) return file;
  }
  return undefined;
}

function createReader() {
  const cache = new Map();
  /** The file's bytes in the wished encoding, with its headers; kept until the file changes. */
  return async (file, encoding) => {
    const { mtimeMs, size } = await stat(file);
    const key = `${file} ${mtimeMs} ${size} ${encoding ?? ''}`;
    if (!cache.has(key)) cache.set(key, load(file, encoding));
    return cache.get(key);
  };
}

async function load(file, encoding) {
  const data = await readFile(file);
  const type = types[path.extname(file)] ?? 'application/octet-stream';
  const packed = encoding !== undefined && compressible.test(type) && data.length > 1024;
  const body = packed ? await compress[encoding](data) : data;
  const headers = {
    ...always,
    'content-type': type,
    'content-length': body.length,
    etag: `"${createHash('sha256').update(data).digest('base64url').slice(0, 20)}${packed ? `-${encoding}` : ''}"`,
    vary: 'accept-encoding',
    'cache-control': /[\\/]assets[\\/]/.test(file) ? 'public, max-age=31536000, immutable' : 'no-cache',
    'content-security-policy': type.startsWith('text/html') ? policyOf(data.toString('utf8')) : ofFiles,
    ...(packed ? { 'content-encoding': encoding } : {}),
  };
  return { body, headers };
}

async function answer(folder, read, request, response) {
  if (request.method !== 'GET' && request.method !== 'HEAD') return void response.writeHead(405, { ...always, allow: 'GET, HEAD' }).end();
  const pathname = decodeURIComponent(new URL(request.url, 'http://localhost').pathname);
  const accepted = String(request.headers['accept-encoding'] ?? '');
  const encoding = /\bbr\b/.test(accepted) ? 'br' : /\bgzip\b/.test(accepted) ? 'gzip' : undefined;
  const found = await find(folder, pathname);
  const file = found ?? (pathname.startsWith('/en/') ? path.join(folder, 'en/404.html') : path.join(folder, '404.html'));
  const { body, headers } = await read(file, encoding);
  if (found !== undefined && request.headers['if-none-match'] === headers.etag) return void response.writeHead(304, headers).end();
  response.writeHead(found === undefined ? 404 : 200, headers).end(request.method === 'HEAD' ? undefined : body);
}

const listen = (server, port, host) => new Promise((resolve, reject) => {
  server.once('error', reject);
  server.listen(port, host, () => resolve(server.address().port));
});

/** Serves a built course; comes back with its address. A taken port gives the next free one, at most ten further. */
export async function serve({ folder, host, port }) {
  const read = createReader();
  for (let candidate = port; ; candidate += 1) {
    const server = createServer((request, response) => {
      answer(folder, read, request, response).catch((error) => {
        response.writeHead(error instanceof URIError ? 400 : 500, always).end();
        if (!(error instanceof URIError)) console.error(error);
      });
    });
    try {
      return `http://${host === '127.0.0.1' || host === '0.0.0.0' ? 'localhost' : host}:${await listen(server, candidate, host)}/`;
    } catch (error) {
      if (error.code !== 'EADDRINUSE' || candidate >= port + 10 || port === 0) throw error;
    }
  }
}
