/*
 * The course without a network. Before this stand two constants that the build knows: `version`, and `files`, which
 * gives each file's path below the scope and its SHA-256. The cache of a version holds files of that version alone: what the
 * server sends is kept only if it is what the build made, so that an update never mixes with what came before it.
 * A page comes from the network while there is one; files whose names carry their hash come from the cache.
 */
const scope = new URL(self.registration.scope).pathname;
const prefix = `kube-dojang ${scope} `;
const name = `${prefix}${version}`;
/** Files that are fetched at once when the course is kept. */
const atOnce = 4;

const hex = (bytes) => [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, '0')).join('');

/** Keeps an answer if it is what this version's build made for that path. */
async function keep(path, answer) {
  const wanted = files[path];
  if (wanted === undefined || !answer.ok) return;
  const body = await answer.clone().arrayBuffer();
  if (hex(await crypto.subtle.digest('SHA-256', body)) !== wanted) return;
  const cache = await caches.open(name);
  await cache.put(scope + path, answer);
}

async function kept(path) {
  const cache = await caches.open(name);
  return cache.match(scope + path, { ignoreVary: true });
}

async function fromNetwork(event, path) {
  const answer = await fetch(event.request);
  event.waitUntil(keep(path, answer.clone()).catch(() => undefined));
  return answer;
}

/** A page: the newest there is. */
async function page(event, path) {
  try {
    return await fromNetwork(event, path);
  } catch (error) {
    const known = await kept(path);
    if (known === undefined) throw error;
    return known;
  }
}

/** Everything else: what is kept is right, for it is of the version whose pages ask for it. */
const file = async (event, path) => (await kept(path)) ?? fromNetwork(event, path);

/** Fetches what is not kept yet: code, styles and pages of the whole course, and the fonts that the page has used. */
async function keepAll(used) {
  const wanted = Object.keys(files).filter((path) => !/\.(woff2|png|ttf)$/.test(path) || used.includes(scope + path));
  const next = async () => {
    for (let path = wanted.pop(); path !== undefined; path = wanted.pop()) {
      if ((await kept(path)) === undefined) await fetch(scope + path, { cache: 'no-cache' }).then((answer) => keep(path, answer)).catch(() => undefined);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, next));
}

self.addEventListener('activate', (event) => {
  event.waitUntil((async () => {
    for (const key of await caches.keys()) if (key.startsWith(prefix) && key !== name) await caches.delete(key);
    await self.clients.claim();
  })());
});

self.addEventListener('message', (event) => {
  if (Array.isArray(event.data)) event.waitUntil(keepAll(event.data));
});

self.addEventListener('fetch', (event) => {
  const { pathname, origin } = new URL(event.request.url);
  if (event.request.method !== 'GET' || origin !== self.location.origin || !pathname.startsWith(scope)) return;
  const path = decodeURIComponent(pathname.slice(scope.length)).replace(/\/$/, '');
  if (!(path in files)) return;
  event.respondWith(event.request.mode === 'navigate' ? page(event, path) : file(event, path));
});
