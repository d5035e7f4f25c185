import type { StructuralSchema, ValidationRule } from '../../../api';
import type { Version } from './hoisted';

type Fields = Readonly<Record<string, unknown>>;
/** What a field shows: a plain value with what stands for its absence, or a view of its own. */
type Field = readonly [name: string, json: string, absent: unknown, view?: (value: never) => unknown];

const show = (fields: readonly Field[], value: Fields): Fields =>
  Object.fromEntries(fields.map(([name, json, absent, view]) => [name, value[json] === undefined || value[json] === null ? absent : view ? view(value[json] as never) : value[json]]));

const list = <T>(view: (value: T) => unknown) => (values: readonly T[]) => values.map(view);
const map = <T>(view: (value: T) => unknown) => (values: Readonly<Record<string, T>>) => Object.fromEntries(Object.keys(values).sort().map((key) => [key, view(values[key] as T)]));
const schemaOrBool = (value: StructuralSchema | boolean) => (typeof value === 'boolean' ? { Allows: value, Schema: null } : { Allows: true, Schema: schemaView(value) });
const schemaOrList = (value: StructuralSchema | readonly StructuralSchema[]) => (Array.isArray(value) ? { Schema: null, JSONSchemas: (value as StructuralSchema[]).map(schemaView) } : { Schema: schemaView(value as StructuralSchema), JSONSchemas: null });
const schemaOrTexts = (value: StructuralSchema | readonly string[]) => (Array.isArray(value) ? { Schema: null, Property: value as string[] } : { Schema: schemaView(value as StructuralSchema), Property: null });

const ruleFields: readonly Field[] = [['Rule', 'rule', ''], ['Message', 'message', ''], ['MessageExpression', 'messageExpression', ''], ['Reason', 'reason', null], ['FieldPath', 'fieldPath', ''], ['OptionalOldSelf', 'optionalOldSelf', null]];

/** A rule as the server's own struct. */
export const ruleView = (rule: ValidationRule): Fields => show(ruleFields, rule as unknown as Fields);

const schemaFields: readonly Field[] = [
  ['ID', 'id', ''], ['Schema', '$schema', ''], ['Ref', '$ref', null], ['Description', 'description', ''], ['Type', 'type', ''], ['Nullable', 'nullable', false], ['Format', 'format', ''], ['Title', 'title', ''], ['Default', 'default', null],
  ['Maximum', 'maximum', null], ['ExclusiveMaximum', 'exclusiveMaximum', false], ['Minimum', 'minimum', null], ['ExclusiveMinimum', 'exclusiveMinimum', false], ['MaxLength', 'maxLength', null], ['MinLength', 'minLength', null],
  ['Pattern', 'pattern', ''], ['MaxItems', 'maxItems', null], ['MinItems', 'minItems', null], ['UniqueItems', 'uniqueItems', false], ['MultipleOf', 'multipleOf', null], ['Enum', 'enum', null], ['MaxProperties', 'maxProperties', null],
  ['MinProperties', 'minProperties', null], ['Required', 'required', null], ['Items', 'items', null, schemaOrList], ['AllOf', 'allOf', null, list(schemaView)], ['OneOf', 'oneOf', null, list(schemaView)], ['AnyOf', 'anyOf', null, list(schemaView)],
  ['Not', 'not', null, schemaView], ['Properties', 'properties', null, map(schemaView)], ['AdditionalProperties', 'additionalProperties', null, schemaOrBool], ['PatternProperties', 'patternProperties', null, map(schemaView)],
  ['Dependencies', 'dependencies', null, map(schemaOrTexts)], ['AdditionalItems', 'additionalItems', null, schemaOrBool], ['Definitions', 'definitions', null, map(schemaView)],
  ['ExternalDocs', 'externalDocs', null, (value: Fields) => show([['Description', 'description', ''], ['URL', 'url', '']], value)], ['Example', 'example', null],
  ['XPreserveUnknownFields', 'x-kubernetes-preserve-unknown-fields', null], ['XEmbeddedResource', 'x-kubernetes-embedded-resource', false], ['XIntOrString', 'x-kubernetes-int-or-string', false],
  ['XListMapKeys', 'x-kubernetes-list-map-keys', null], ['XListType', 'x-kubernetes-list-type', null], ['XMapType', 'x-kubernetes-map-type', null], ['XValidations', 'x-kubernetes-validations', null, list(ruleView)],
];

function schemaView(schema: StructuralSchema): Fields {
  return show(schemaFields, schema as unknown as Fields);
}

const scaleFields: readonly Field[] = [['SpecReplicasPath', 'specReplicasPath', ''], ['StatusReplicasPath', 'statusReplicasPath', ''], ['LabelSelectorPath', 'labelSelectorPath', null]];
const columnFields: readonly Field[] = [['Name', 'name', ''], ['Type', 'type', ''], ['Format', 'format', ''], ['Description', 'description', ''], ['Priority', 'priority', 0], ['JSONPath', 'jsonPath', '']];
const versionFields: readonly Field[] = [
  ['Name', 'name', ''], ['Served', 'served', false], ['Storage', 'storage', false], ['Deprecated', 'deprecated', false], ['DeprecationWarning', 'deprecationWarning', null],
  ['Schema', 'schema', null, (value: Fields) => show([['OpenAPIV3Schema', 'openAPIV3Schema', null, schemaView]], value)],
  ['Subresources', 'subresources', null, (value: Fields) => show([['Status', 'status', null, () => ({})], ['Scale', 'scale', null, (scale: Fields) => show(scaleFields, scale)]], value)],
  ['AdditionalPrinterColumns', 'additionalPrinterColumns', null, list((column: Fields) => show(columnFields, column))],
  ['SelectableFields', 'selectableFields', null, list((field: Fields) => show([['JSONPath', 'jsonPath', '']], field))],
];

/** Versions as the server's own structs, which its messages print; null where there are none. */
export const versionsView = (versions: readonly Version[] | null | undefined): unknown => versions?.map((version) => show(versionFields, version as unknown as Fields)) ?? null;
