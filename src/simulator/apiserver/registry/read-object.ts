import type { KubeObject } from '../../api';
import type { Task } from '../../kernel';
import type { ResourceCall, ServerParts } from '../call';
import { askedForm } from './stored';
import { notFound, tooLargeResourceVersion, unexpected } from '../errors';

/** The object that a request names, in the asked version. Throws a 404. */
export function* readObject(server: ServerParts, { served, namespace, info, query }: ResourceCall): Task<KubeObject> {
  const version = query.get('resourceVersion') ?? '';
  if (version !== '') {
    if (!/^\d+$/.test(version)) throw unexpected(`resourceVersion: Invalid value: ${JSON.stringify(version)}: strconv.ParseUint: parsing ${JSON.stringify(version)}: invalid syntax`);
    if (Number(version) > server.etcd.revision) throw tooLargeResourceVersion(Number(version), server.etcd.revision);
  }
  yield* server.etcd.barrier();
  const object = served.storage?.get(namespace, info.name);
  if (object === undefined) throw notFound(served.info, info.name);
  return served.conversion ? yield* askedForm(served, object) : object;
}
