import type { KubeObject } from '../../api';
import { badRequest } from '../errors';
import type { ResourceDefinition } from '../resources/definition';
import type { Matcher } from '../storage/watchers';
import { labelMatcher } from './label-selector';

/** What a list or watch selects. */
export interface Selection {
  /** undefined: everything. */
  readonly matches: Matcher | undefined;
  readonly selectsLabels: boolean;
  /** Pinned by a field selector: an index serves these. */
  readonly name: string | undefined;
  readonly nodeName: string | undefined;
}

interface Requirement {
  readonly field: string;
  readonly equal: boolean;
  readonly value: string;
}

const everything: Selection = { matches: undefined, selectsLabels: false, name: undefined, nodeName: undefined };

function unescape(text: string, selector: string): string {
  return text.replace(/\\(.?)/g, (_, character: string) => {
    if (character === '\\' || character === ',' || character === '=') return character;
    throw badRequest(`invalid field selector: invalid escape sequence in value: ${selector}`);
  });
}

/** Reads a field selector: terms of =, == and != joined by commas. Throws a 400. */
export function parseFieldSelector(selector: string): Requirement[] {
  const out: Requirement[] = [];
  for (const term of selector.split(/(?<!\\),/)) {
    if (term === '') continue;
    const match = /^([^=!]*?)(!=|==|=)(.*)$/s.exec(term);
    if (!match) throw badRequest(`invalid selector: '${selector}'; can't understand '${term}'`);
    out.push({ field: match[1] as string, equal: match[2] !== '!=', value: unescape(match[3] as string, term) });
  }
  return out;
}

/** The values of the fields that can be selected on. */
function fieldsOf(definition: ResourceDefinition, object: KubeObject): Readonly<Record<string, string>> {
  return definition.selectableFields?.(object) ?? {};
}

const valueOf = (definition: ResourceDefinition, field: string, object: KubeObject): string => {
  if (field === 'metadata.name') return object.metadata?.name ?? '';
  if (field === 'metadata.namespace') return object.metadata?.namespace ?? '';
  return fieldsOf(definition, object)[field] ?? '';
};

const pinned = (requirements: readonly Requirement[], field: string): string | undefined => requirements.find((requirement) => requirement.equal && requirement.field === field && requirement.value !== '')?.value;

/** What selectors select. `known` checks that a field can be selected on and throws what the real one says if not. */
export function selectionOf(labelSelector: string, fieldSelector: string, definition: ResourceDefinition, known: (field: string) => void): Selection {
  if (labelSelector === '' && fieldSelector === '') return everything;
  const labels = labelSelector === '' ? undefined : labelMatcher(labelSelector);
  const requirements = fieldSelector === '' ? [] : parseFieldSelector(fieldSelector);
  for (const { field } of requirements) known(field);
  const matches: Matcher = (object) => {
    if (labels && !labels(object.metadata?.labels ?? {})) return false;
    return requirements.every(({ field, equal, value }) => (valueOf(definition, field, object) === value) === equal);
  };
  return {
    matches: labels === undefined && requirements.length === 0 ? undefined : matches,
    selectsLabels: labels !== undefined,
    name: pinned(requirements, 'metadata.name'),
    nodeName: pinned(requirements, 'spec.nodeName'),
  };
}
