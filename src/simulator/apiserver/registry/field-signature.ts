import type { FieldSchema, TypeSchema } from '../../api';

/** Adds what of a value decides which fields it has: keys, the identities of list items and which values are empty, but no others. */
type Signer = (value: unknown, out: string[]) => void;

type Fields = Readonly<Record<string, unknown>>;

const ofTypes = new WeakMap<TypeSchema, ReadonlyMap<string, Signer>>();

/** What a new object has anyway is nobody's field, so it matters whether a value is empty. */
const emptiness: Signer = (value, out) => {
  if (value === '' || value === 0 || value === false || value === '0') out.push('\u0002');
  else if (Array.isArray(value) && value.length === 0) out.push('[]');
};
const whole: Signer = (value, out) => void out.push(JSON.stringify(value));

function signersOf(type: TypeSchema): ReadonlyMap<string, Signer> {
  let known = ofTypes.get(type);
  if (known === undefined) {
    known = new Map([...type.fields].map(([name, field]) => [name, signerOf(field)]));
    ofTypes.set(type, known);
  }
  return known;
}

function signerOf(field: FieldSchema): Signer {
  if (field.atomic || field.alternative) return field.type === 'object' && !field.omitEmpty ? whole : emptiness;
  switch (field.type) {
    case 'object':
      return (value, out) => signObject(field.object as TypeSchema, value as Fields, out);
    case 'map': {
      const sign = signerOf(field.element as FieldSchema);
      return (value, out) => {
        out.push('{');
        for (const key in value as Fields) {
          out.push(key, ',');
          sign((value as Fields)[key], out);
        }
        out.push('}');
      };
    }
    case 'list':
      return listSigner(field);
    case 'json':
      return whole;
    default:
      return emptiness;
  }
}

function listSigner({ listType, listMapKeys = [], element }: FieldSchema): Signer {
  if (listType === 'set') return whole;
  if (listType !== 'map') return emptiness;
  const sign = signerOf(element as FieldSchema);
  return (value, out) => {
    out.push('[');
    for (const item of value as readonly Fields[]) {
      for (const key of listMapKeys) out.push(String(item[key]), '\u0001');
      sign(item, out);
    }
    out.push(']');
  };
}

function signObject(type: TypeSchema, value: Fields, out: string[]): void {
  const signers = signersOf(type);
  out.push('{');
  for (const name in value) {
    const part = value[name];
    if (part === undefined) continue;
    out.push(name);
    if (part === null) out.push('\u0000');
    else signers.get(name)?.(part, out);
    out.push(',');
  }
  out.push('}');
}

/** Equal for two new objects of a type that have the same fields, whatever their values. */
export function fieldSignature(type: TypeSchema, object: Fields): string {
  const out: string[] = [];
  signObject(type, object, out);
  return out.join('');
}
