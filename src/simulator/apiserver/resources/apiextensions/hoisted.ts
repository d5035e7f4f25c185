import type { CustomResourceDefinition, CustomResourceDefinitionSpec } from '../../../api';
import { sameValue } from '../equality';

/** One version of a definition. */
export type Version = CustomResourceDefinitionSpec['versions'][number];

/** The parts of a version that the server keeps once for all versions when they agree. */
export type SharedPart = 'schema' | 'subresources' | 'additionalPrinterColumns' | 'selectableFields';

/** A definition's versions as the server holds them: what all of them share stands above them. */
export interface Hoisted {
  readonly versions: readonly Version[];
  readonly shared: Pick<Version, SharedPart>;
}

const parts: readonly SharedPart[] = ['schema', 'subresources', 'additionalPrinterColumns', 'selectableFields'];

/** Parts that every version says in the same words move up; the others stay. */
export function hoisted({ spec }: CustomResourceDefinition): Hoisted {
  const versions = (spec.versions as readonly Version[] | null) ?? [];
  const [first] = versions;
  if (!first) return { versions, shared: {} };
  const agreed = parts.filter((part) => versions.every((version) => sameValue(version[part], first[part])));
  const shared: Record<string, unknown> = {};
  for (const part of agreed) if (first[part] !== undefined) shared[part] = first[part];
  const rest = versions.map((version) => Object.fromEntries(Object.entries(version).filter(([name]) => !agreed.includes(name as SharedPart))) as unknown as Version);
  return { versions: rest, shared: shared as Pick<Version, SharedPart> };
}
