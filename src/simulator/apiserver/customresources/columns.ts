import { type ColumnDefinition, compileJsonPath, type CustomResourceDefinition, type KubeObject, resourceFor } from '../../api';
import type { Time } from '../../kernel';
import { age } from '../tables';

type Version = CustomResourceDefinition['spec']['versions'][number];

interface Column {
  readonly definition: ColumnDefinition;
  readonly cell: (object: KubeObject, now: Time) => unknown;
}

const standard = (): readonly ColumnDefinition[] => resourceFor({ group: '', version: 'v1', resource: 'configmaps' })?.columns ?? [];

/** The columns of a version's Table: the name, then what its definition says, or the age. */
export function columnsOf(version: Version): { readonly definitions: readonly ColumnDefinition[]; readonly cells: (object: KubeObject, now: Time) => readonly unknown[] } {
  const [nameColumn, , ageColumn] = standard();
  const columns: Column[] = nameColumn ? [{ definition: nameColumn, cell: (object) => object.metadata?.name ?? '' }] : [];
  const wanted = version.additionalPrinterColumns ?? [];
  if (wanted.length === 0 && ageColumn) columns.push({ definition: { ...ageColumn, type: 'date' }, cell: (object, now) => age(object.metadata?.creationTimestamp, now) });
  for (const { name, type, format = '', description = '', priority = 0, jsonPath } of wanted) {
    const path = compileJsonPath(`{${jsonPath}}`, { allowMissingKeys: true });
    columns.push({
      definition: { name, type, format, description: description === '' ? `Custom resource definition column (in JSONPath format): ${jsonPath}` : description, priority },
      cell: (object, now) => cellOf(type, path.find(object)[0]?.[0], now),
    });
  }
  return { definitions: columns.map(({ definition }) => definition), cells: (object, now) => columns.map(({ cell }) => cell(object, now)) };
}

function cellOf(type: string, value: unknown, now: Time): unknown {
  if (value === undefined || value === null) return type === 'date' ? '<unknown>' : type === 'string' ? '' : null;
  switch (type) {
    case 'date':
      return typeof value === 'string' ? age(value, now) : '<unknown>';
    case 'integer':
      return typeof value === 'number' ? Math.trunc(value) : null;
    case 'number':
      return typeof value === 'number' ? value : null;
    case 'boolean':
      return typeof value === 'boolean' ? value : null;
    default:
      return typeof value === 'string' ? value : typeof value === 'object' ? JSON.stringify(value) : String(value);
  }
}
