import type { Volume } from '../../../api';
import { fractionalWarnings } from './amount-warnings';

const gone: Readonly<Record<string, string>> = {
  gitRepo: 'deprecated in v1.11, and disabled by default in v1.33+',
  storageos: 'deprecated in v1.22, non-functional in v1.25+',
  glusterfs: 'deprecated in v1.25, non-functional in v1.26+',
  photonPersistentDisk: 'deprecated in v1.11, non-functional in v1.16+',
  scaleIO: 'deprecated in v1.16, non-functional in v1.22+',
  flocker: 'deprecated in v1.22, non-functional in v1.25+',
  quobyte: 'deprecated in v1.22, non-functional in v1.25+',
  cephfs: 'deprecated in v1.28, non-functional in v1.31+',
  rbd: 'deprecated in v1.28, non-functional in v1.31+',
};

/** Volumes of kinds that are no more, of broken sizes, or in which two files have one path. */
export function volumeWarnings(volumes: readonly Volume[] | undefined, path: string, out: string[]): void {
  for (const [index, volume] of (volumes ?? []).entries()) {
    const at = `${path}[${index}]`;
    for (const name in gone) if ((volume as unknown as Readonly<Record<string, unknown>>)[name] !== undefined) out.push(`${at}.${name}: ${gone[name] ?? ''}`);
    const claim = volume.ephemeral?.volumeClaimTemplate?.spec?.resources;
    if (claim) for (const list of ['requests', 'limits'] as const) fractionalWarnings(claim[list], `${at}.ephemeral.volumeClaimTemplate.spec.resources.${list}`, ['storage'], out);
    overlapWarnings(volume, out);
  }
}

interface File {
  readonly path: string;
  /** Of which source of several. */
  readonly source: string;
}

/** Frozen sources in which nothing overlaps: the one of the service account's token is in every Pod. */
const tidy = new WeakSet<object>();

function overlapWarnings(volume: Volume, out: string[]): void {
  const { name, configMap, secret, downwardAPI, projected } = volume;
  const look = (kind: string, files: readonly File[]) => {
    for (const [index, file] of files.entries()) {
      for (const earlier of files.slice(0, index)) {
        if (overlap(file.path, earlier.path)) out.push(`volume ${JSON.stringify(name)} (${kind}): overlapping paths: ${shown(file)} with ${shown(earlier)}`);
      }
    }
  };
  if (configMap) look(`ConfigMap ${JSON.stringify(configMap.name ?? '')}`, files(configMap.items));
  if (secret) look(`Secret ${JSON.stringify(secret.secretName ?? '')}`, files(secret.items));
  if (downwardAPI) look('DownwardAPI', files(downwardAPI.items));
  if (!projected || tidy.has(projected)) return;
  const before = out.length;
  look('Projected', (projected.sources ?? []).flatMap(projectedFiles));
  if (out.length === before && Object.isFrozen(projected)) tidy.add(projected);
}

const files = (items: readonly { readonly path: string }[] | undefined, source = ''): File[] => (items ?? []).map(({ path }) => ({ path, source }));
const overlap = (one: string, other: string): boolean => one === other || one.startsWith(`${other}/`) || other.startsWith(`${one}/`);
const shown = ({ path, source }: File): string => `${JSON.stringify(path)}${source === '' ? '' : ` (${source})`}`;

type Source = NonNullable<NonNullable<Volume['projected']>['sources']>[number];

function projectedFiles({ configMap, secret, downwardAPI, serviceAccountToken }: Source): File[] {
  return [
    ...(secret ? files(secret.items, `Secret ${JSON.stringify(secret.name ?? '')}`) : []),
    ...(configMap ? files(configMap.items, `ConfigMap ${JSON.stringify(configMap.name ?? '')}`) : []),
    ...(downwardAPI ? files(downwardAPI.items, 'DownwardAPI') : []),
    ...(serviceAccountToken ? files([serviceAccountToken], 'ServiceAccountToken') : []),
  ];
}
