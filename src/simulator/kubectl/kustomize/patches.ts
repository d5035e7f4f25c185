import { applyJsonPatch, applyMergePatch, applyStrategicPatch, parseApiVersion, PatchError, typeForKind } from '../../api';
import { CommandError } from '../errors';
import { isFields, listAt, nameOf, textAt, textsAt, type Fields } from '../fields';
import { parseDocument } from '../resources/manifests';

function documents(text: string): unknown[] {
  return text.split(/^---[ \t]*$/m).map((part) => parseDocument(part, 'patch')).filter((data) => data !== undefined && data !== null);
}

function patchedBy(object: Fields, patch: unknown): Fields | undefined {
  try {
    if (Array.isArray(patch)) return applyJsonPatch(object, patch) as Fields;
    if (isFields(patch) && patch['$patch'] === 'delete') return undefined;
    const schema = typeForKind({ ...parseApiVersion(textAt(object, 'apiVersion')), kind: textAt(object, 'kind') });
    const { metadata, ...rest } = patch as Fields;
    const { name, ...more } = (metadata ?? {}) as Record<string, unknown>;
    void name;
    const body = { ...rest, ...(Object.keys(more).length > 0 && { metadata: more }) };
    return (schema ? applyStrategicPatch(schema, object, body) : applyMergePatch(object, body)) as Fields;
  } catch (error) {
    if (error instanceof PatchError) throw new CommandError(`trouble configuring builtin PatchTransformer: ${error.message}`);
    throw error;
  }
}

const fits = (pattern: string, text: string): boolean => pattern === '' || new RegExp(`^(?:${pattern})$`).test(text);

/** Whether a patch's target selects an object. */
function targets(target: Fields, object: Fields): boolean {
  const { group, version } = parseApiVersion(textAt(object, 'apiVersion'));
  const labels = textAt(target, 'labelSelector');
  const known = ((object['metadata'] as Fields | undefined)?.['labels'] ?? {}) as Fields;
  return (
    fits(textAt(target, 'kind'), textAt(object, 'kind')) &&
    fits(textAt(target, 'name'), nameOf(object)) &&
    fits(textAt(target, 'namespace'), textAt(object, 'metadata', 'namespace')) &&
    (textAt(target, 'group') === '' || textAt(target, 'group') === group) &&
    (textAt(target, 'version') === '' || textAt(target, 'version') === version) &&
    (labels === '' || labels.split(',').every((pair) => String(known[pair.split('=')[0] as string]) === pair.split('=')[1]))
  );
}

/** The object with all patches of a kustomization that select it; undefined when one deletes it. */
export function applyPatches(object: Fields, kustomization: Fields, read: (path: string) => string): Fields | undefined {
  let out: Fields | undefined = object;
  const inline = (text: string) => (text.includes('\n') || /^\s*[[{]/.test(text) ? text : read(text));
  const all = [
    ...listAt(kustomization, 'patches').map((one) => ({ target: one['target'], texts: documents(textAt(one, 'path') === '' ? textAt(one, 'patch') : read(textAt(one, 'path'))) })),
    ...textsAt(kustomization, 'patchesStrategicMerge').map((text) => ({ target: undefined, texts: documents(inline(text)) })),
    ...listAt(kustomization, 'patchesJson6902').map((one) => ({ target: one['target'], texts: documents(textAt(one, 'path') === '' ? textAt(one, 'patch') : read(textAt(one, 'path'))) })),
  ];
  for (const { target, texts } of all) {
    for (const patch of texts) {
      if (!out) return undefined;
      const selects = isFields(target) ? targets(target, out) : isFields(patch) && textAt(patch, 'kind') === textAt(out, 'kind') && nameOf(patch) === nameOf(out);
      if (selects) out = patchedBy(out, patch);
    }
  }
  return out;
}
