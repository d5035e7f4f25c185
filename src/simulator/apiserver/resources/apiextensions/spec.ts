import { type CustomResourceDefinition, isDns1035Label, isDns1123Subdomain, type StructuralSchema } from '../../../api';
import type { Errors, Path } from '../../field';
import { specPath } from '../strategy';
import { checkConversion } from './conversion';
import { versionsView } from './go-view';
import { hoisted, type Version } from './hoisted';
import { openApiErrors } from './open-api';
import { RuleContext } from './rules';
import { defaultErrors, hasDefaults } from './schema-defaults';
import { isReadable, structuralErrors } from './structural';
import { checkColumns, checkDeprecation, checkSelectable, checkSubresources } from './versions';

const scopes = ['Cluster', 'Namespaced'];

const schemaOf = (version: Pick<Version, 'schema'>): StructuralSchema | undefined => version.schema?.openAPIV3Schema as StructuralSchema | undefined;

/** Checks a schema: whether it is structural, whether its defaults are valid, what it may not say, its rules. */
function checkSchema(schema: StructuralSchema | undefined, path: Path, errors: Errors): void {
  if (!schema) return;
  const at = path.child('openAPIV3Schema');
  const before = errors.length;
  if (schema.nullable === true) errors.forbidden(at.child('nullable'), 'nullable cannot be true at the root');
  const readable = isReadable(schema);
  if (readable) errors.list.push(...structuralErrors(schema, at));
  if (readable && errors.length === before) errors.list.push(...defaultErrors(schema, at));
  const context = readable && errors.length === before ? RuleContext.root(schema, at) : undefined;
  errors.list.push(...openApiErrors(schema, at, context));
  if (!readable && errors.length === before) errors.invalid(at, '', "OpenAPIV3Schema 'schema' is not supported");
}

function checkParts(part: Pick<Version, 'schema' | 'subresources' | 'additionalPrinterColumns' | 'selectableFields'>, schemaField: string, noSchema: string, path: Path, errors: Errors): void {
  checkSchema(schemaOf(part), path.child(schemaField), errors);
  checkSubresources(part.subresources, path.child('subresources'), errors);
  checkColumns(part.additionalPrinterColumns, path.child('additionalPrinterColumns'), errors);
  checkSelectable(part.selectableFields, schemaOf(part), noSchema, path.child('selectableFields'), errors);
}

const mixedCase = (text: string): readonly string[] => isDns1035Label(text.toLowerCase()).map((reason) => `may have mixed case, but should otherwise match: ${reason}`);

function checkNames(names: CustomResourceDefinition['spec']['names'], required: boolean, path: Path, errors: Errors): void {
  const named = (field: 'plural' | 'singular' | 'kind' | 'listKind', rule: (text: string) => readonly string[]): void => {
    const own = names[field] ?? '';
    if (own === '' && required) errors.required(path.child(field));
    if (own !== '') errors.invalidEach(path.child(field), own, rule(own));
  };
  named('plural', isDns1035Label);
  named('singular', isDns1035Label);
  named('kind', mixedCase);
  named('listKind', mixedCase);
  for (const [index, name] of (names.shortNames ?? []).entries()) errors.invalidEach(path.child('shortNames').index(index), name, isDns1035Label(name));
  if (names.listKind && names.kind === names.listKind) errors.invalid(path.child('listKind'), names.listKind, 'kind and listKind may not be the same');
  for (const [index, name] of (names.categories ?? []).entries()) errors.invalidEach(path.child('categories').index(index), name, isDns1035Label(name));
}

function checkGroupAndScope({ group, scope }: CustomResourceDefinition['spec'], errors: Errors): void {
  const path = specPath.child('group');
  if (group === '') errors.required(path);
  else if (isDns1123Subdomain(group).length > 0) errors.invalidEach(path, group, isDns1123Subdomain(group));
  else if (!group.includes('.')) errors.invalid(path, group, 'should be a domain with at least one dot');
  if (scope === '') errors.required(specPath.child('scope'));
  else if (!scopes.includes(scope)) errors.notSupported(specPath.child('scope'), scope, scopes);
}

/** Checks the names that a definition has got so far. */
export function checkAcceptedNames(names: CustomResourceDefinition['spec']['names'] | undefined, path: Path, errors: Errors): void {
  if (names) checkNames(names, false, path, errors);
}

/** Checks a definition's spec as it holds at any time. */
export function checkSpec(definition: CustomResourceDefinition, errors: Errors): void {
  const { spec } = definition;
  const { versions, shared } = hoisted(definition);
  const keepsUnknown = spec.preserveUnknownFields === true;
  checkGroupAndScope(spec, errors);
  const path = specPath.child('versions');
  for (const [index, version] of versions.entries()) if (!schemaOf(version) && !schemaOf(shared)) errors.required(path.index(index).child('schema').child('openAPIV3Schema'));
  const schemas = [schemaOf(shared), ...versions.map(schemaOf)];
  if (keepsUnknown && schemas.some((schema) => schema && hasDefaults(schema))) errors.invalid(specPath.child('preserveUnknownFields'), true, 'must be false in order to use defaults in the schema');
  for (const [index, version] of versions.entries()) {
    const at = path.index(index);
    errors.invalidEach(at.child('name'), version.name, isDns1035Label(version.name));
    checkDeprecation(version, at, errors);
    checkParts(version, 'schema', 'may only be set when `version.schema.openAPIV3Schema` is not included', at, errors);
  }
  const names = new Set(versions.map(({ name }) => name));
  const shown = () => versionsView((spec.versions as readonly Version[] | null) && versions);
  if (names.size < versions.length) errors.invalid(path, shown(), 'must contain unique version names');
  if (versions.filter(({ storage }) => storage).length !== 1) errors.invalid(path, shown(), 'must have exactly one version marked as storage version');
  const first = versions[0]?.name ?? '';
  if (first !== '') errors.invalidEach(specPath.child('version'), first, isDns1035Label(first));
  checkNames(spec.names, true, specPath.child('names'), errors);
  checkParts(shared, 'validation', 'may only be set when validations.schema is included', specPath, errors);
  checkConversion(spec.conversion, keepsUnknown, specPath.child('conversion'), errors);
}
