import type { Random } from '../../kernel';
import { ImageError } from '../interface';

/** An image name in its parts: docker.io/library/nginx, 1.27. */
export interface ImageReference {
  readonly repository: string;
  readonly tag: string | undefined;
  readonly digest: string | undefined;
}

const component = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/;
const registryHost = /^(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*(?::\d+)?$/;

function invalid(name: string, detail: string): never {
  throw new ImageError('InvalidImageName', `Failed to apply default image tag "${name}": couldn't parse image name "${name}": invalid reference format${detail}`);
}

/** Reads an image name, with Docker Hub's defaults. Throws ImageError InvalidImageName with the kubelet's text. */
export function parseReference(name: string): ImageReference {
  const [beforeDigest = '', digest] = name.split('@');
  if (digest !== undefined && !/^[a-z0-9]+:[0-9a-f]{32,}$/.test(digest)) invalid(name, '');
  const colon = beforeDigest.lastIndexOf(':');
  const hasTag = colon > beforeDigest.lastIndexOf('/');
  const path = hasTag ? beforeDigest.slice(0, colon) : beforeDigest;
  const tag = hasTag ? beforeDigest.slice(colon + 1) : undefined;
  const slash = path.indexOf('/');
  const first = slash < 0 ? '' : path.slice(0, slash);
  const hasRegistry = slash >= 0 && (first.includes('.') || first.includes(':') || first === 'localhost' || first.toLowerCase() !== first);
  const registry = hasRegistry ? first : 'docker.io';
  const rest = hasRegistry ? path.slice(slash + 1) : path;
  const remote = registry === 'docker.io' && !rest.includes('/') ? `library/${rest}` : rest;
  if (rest === '' || (hasRegistry && !registryHost.test(first))) invalid(name, '');
  if (/[A-Z]/.test(remote)) invalid(name, `: repository name (${remote}) must be lowercase`);
  if (!remote.split('/').every((part) => component.test(part))) invalid(name, '');
  if (tag !== undefined && !/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/.test(tag)) invalid(name, '');
  return { repository: `${registry}/${remote}`, tag: tag ?? (digest === undefined ? 'latest' : undefined), digest };
}

/** The whole name with its tag: docker.io/library/nginx:1.27. */
export const fullName = ({ repository, tag, digest }: ImageReference): string => (digest !== undefined ? `${repository}@${digest}` : `${repository}:${tag ?? 'latest'}`);

/** A container's, sandbox's or exec's identifier: 64 hexadecimal digits, in one flat string. */
export const newId = (random: Random): string => Array.from({ length: 8 }, () => random.uint32().toString(16).padStart(8, '0')).join('');
