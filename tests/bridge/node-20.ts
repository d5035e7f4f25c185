import workerThreads from 'node:worker_threads';
import zlib from 'node:zlib';

interface Resolvers<T> {
  promise: Promise<T>;
  resolve: (value: T | PromiseLike<T>) => void;
  reject: (reason?: unknown) => void;
}

function withResolvers<T>(): Resolvers<T> {
  const made: Partial<Resolvers<T>> = {};
  made.promise = new Promise<T>((resolve, reject) => Object.assign(made, { resolve, reject }));
  return made as Resolvers<T>;
}

/**
 * @kubernetes/client-node's HTTP client wants functions of Node 22: for zstd, which no API server offers, for a browser's
 * cache, which nobody uses here, and for promises. Imported before the client, this lets it work on Node 20.
 */
const lacking: readonly (readonly [object, string, unknown])[] = [
  [zlib, 'createZstdDecompress', () => undefined],
  [workerThreads, 'markAsUncloneable', () => undefined],
  [Promise, 'withResolvers', withResolvers],
];
for (const [library, name, stand] of lacking) (library as Record<string, unknown>)[name] ??= stand;
