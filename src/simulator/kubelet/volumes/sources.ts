import type { Container, KeyToPath, Pod, Volume } from '../../api';
import { base64Decode, isStatus } from '../../api';
import type { Task } from '../../kernel';
import { fieldOfPod, resourceOfContainer } from '../downward';
import type { ObjectSource } from '../environment';
import { MountError } from '../errors';
import type { NodeFacts } from '../facts';
import type { Payload, PayloadFile } from './payload';

/** What the payload of a volume is made from. */
export interface PayloadWorld {
  readonly pod: Pod;
  readonly facts: NodeFacts;
  readonly source: ObjectSource;
  readonly podIPs: readonly string[];
  /** A service account token for this Pod, renewed as it ages. */
  token(audience: string | undefined, expirationSeconds: number): Task<string>;
}

type Data = ReadonlyMap<string, Uint8Array | string>;

function selected(data: Data, items: readonly KeyToPath[] | undefined, defaultMode: number, what: string, optional: boolean): Payload {
  const out = new Map<string, PayloadFile>();
  if (!items) for (const [key, value] of data) out.set(key, { data: value, mode: defaultMode });
  for (const item of items ?? []) {
    const value = data.get(item.key);
    if (value !== undefined) out.set(item.path, { data: value, mode: item.mode ?? defaultMode });
    else if (!optional) throw new MountError(`references non-existent ${what} key: ${item.key}`);
  }
  return out;
}

function* configMapData(world: PayloadWorld, name: string, optional: boolean): Task<Data> {
  try {
    const object = yield* world.source.configMap(world.pod.metadata?.namespace ?? '', name);
    const out = new Map<string, Uint8Array | string>(Object.entries(object.data ?? {}));
    for (const [key, value] of Object.entries(object.binaryData ?? {})) out.set(key, base64Decode(value));
    return out;
  } catch (error) {
    if (optional && isStatus(error, 'NotFound')) return new Map();
    throw error;
  }
}

function* secretData(world: PayloadWorld, name: string, optional: boolean): Task<Data> {
  try {
    const object = yield* world.source.secret(world.pod.metadata?.namespace ?? '', name);
    return new Map(Object.entries(object.data ?? {}).map(([key, value]) => [key, base64Decode(value)]));
  } catch (error) {
    if (optional && isStatus(error, 'NotFound')) return new Map();
    throw error;
  }
}

type DownwardItem = { readonly path: string; readonly mode?: number; readonly fieldRef?: { readonly fieldPath: string }; readonly resourceFieldRef?: { readonly containerName?: string; readonly resource: string; readonly divisor?: string } };

function downward(world: PayloadWorld, items: readonly DownwardItem[] | undefined, defaultMode: number): Payload {
  const out = new Map<string, PayloadFile>();
  const spec = world.pod.spec;
  for (const item of items ?? []) {
    const reference = item.resourceFieldRef;
    const container = [...(spec?.containers ?? []), ...(spec?.initContainers ?? [])].find((c) => c.name === reference?.containerName);
    const data = item.fieldRef
      ? fieldOfPod(world.pod, item.fieldRef.fieldPath, world.facts, world.podIPs)
      : resourceOfContainer(container as Container, reference?.resource ?? '', reference?.divisor, world.facts);
    out.set(item.path, { data, mode: item.mode ?? defaultMode });
  }
  return out;
}

function* projected(world: PayloadWorld, volume: NonNullable<Volume['projected']>): Task<Payload> {
  const mode = volume.defaultMode ?? 0o644;
  const out = new Map<string, PayloadFile>();
  for (const source of volume.sources ?? []) {
    let part: Payload = new Map();
    if (source.configMap) {
      const optional = source.configMap.optional === true;
      part = selected(yield* configMapData(world, source.configMap.name ?? '', optional), source.configMap.items, mode, 'config', optional);
    } else if (source.secret) {
      const optional = source.secret.optional === true;
      part = selected(yield* secretData(world, source.secret.name ?? '', optional), source.secret.items, mode, 'secret', optional);
    } else if (source.downwardAPI) {
      part = downward(world, source.downwardAPI.items, mode);
    } else if (source.serviceAccountToken) {
      const token = source.serviceAccountToken;
      const data = yield* world.token(token.audience, token.expirationSeconds ?? 3600);
      part = new Map([[token.path, { data, mode: mode === 0o644 && !world.pod.spec?.securityContext?.fsGroup ? 0o644 : mode }]]);
    }
    for (const [path, file] of part) out.set(path, file);
  }
  return out;
}

/** The files of a volume that is made from API objects; undefined for any other volume. Throws MountError or a StatusError. */
export function* payloadOf(world: PayloadWorld, volume: Volume): Task<Payload | undefined> {
  if (volume.configMap) {
    const optional = volume.configMap.optional === true;
    return selected(yield* configMapData(world, volume.configMap.name ?? '', optional), volume.configMap.items, volume.configMap.defaultMode ?? 0o644, 'config', optional);
  }
  if (volume.secret) {
    const optional = volume.secret.optional === true;
    return selected(yield* secretData(world, volume.secret.secretName ?? '', optional), volume.secret.items, volume.secret.defaultMode ?? 0o644, 'secret', optional);
  }
  if (volume.downwardAPI) return downward(world, volume.downwardAPI.items, volume.downwardAPI.defaultMode ?? 0o644);
  if (volume.projected) return yield* projected(world, volume.projected);
  return undefined;
}
