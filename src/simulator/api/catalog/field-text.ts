import type { FieldSchema, FieldType, TypeSchema } from '../schema';

/** What reading a field's text needs of the whole schema. */
export interface TextContext {
  readonly type: (index: number) => TypeSchema;
  readonly goName: (index: number) => string;
}

const scalars: Readonly<Record<string, readonly [FieldType, string | undefined, string]>> = {
  s: ['string', undefined, 'string'],
  b: ['boolean', undefined, 'bool'],
  i: ['integer', 'int32', 'int32'],
  l: ['integer', 'int64', 'int64'],
  n: ['integer', 'int64', 'int'],
  c: ['integer', 'uint8', 'uint8'],
  k: ['integer', 'uint32', 'uint32'],
  v: ['integer', 'uint64', 'uint64'],
  f: ['number', 'double', 'float64'],
  y: ['bytes', 'byte', '[]uint8'],
  q: ['quantity', undefined, 'resource.Quantity'],
  x: ['intOrString', 'int-or-string', 'intstr.IntOrString'],
  t: ['time', 'date-time', 'v1.Time'],
  u: ['microTime', 'date-time', 'v1.MicroTime'],
  r: ['duration', undefined, 'v1.Duration'],
  j: ['json', undefined, 'interface {}'],
  R: ['json', 'raw', 'runtime.RawExtension'],
  F: ['json', 'fields', 'v1.FieldsV1'],
};

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

const base36 = /[0-9a-z]+/y;
const upToDefault = /[^%]+/y;
const upTo = /[^!*?#^+~=:&$|%()]+/y;

/** Reads the compact text of one type's fields; tools/schema/encode.ts says how it is written. */
export class FieldReader {
  private at = 0;

  constructor(
    private readonly text: string,
    private readonly context: TextContext,
  ) {}

  /** All fields, in Go's order. */
  fields(): Map<string, FieldSchema> {
    const out = new Map<string, FieldSchema>();
    if (this.text === '') return out;
    for (const part of this.text.split(';')) {
      const space = part.indexOf(' ');
      const reader = new FieldReader(part.slice(space + 1), this.context);
      const name = part.slice(0, space);
      out.set(name, Object.freeze(reader.field(name)));
    }
    return out;
  }

  private field(name: string): FieldSchema {
    const field = this.shape(name);
    if (this.text[this.at] === ' ') this.at += 1;
    this.flags(field);
    return field;
  }

  private shape(name: string): Mutable<FieldSchema> {
    const letter = this.text[this.at++] ?? '';
    if (letter === '@') {
      const object = this.context.type(parseInt(this.match(base36), 36));
      const short = object.name.split('.').slice(-2).join('.');
      return { name, type: 'object', required: false, object, goType: short };
    }
    if (letter === '[' || letter === '<') {
      const element = this.element();
      const pointer = element.pointer ? '*' : '';
      const goType = `${letter === '[' ? '[]' : 'map[string]'}${pointer}${element.goType}`;
      return { name, type: letter === '[' ? 'list' : 'map', required: false, element, goType };
    }
    const [type, format, goType] = scalars[letter] ?? ['json', undefined, 'interface {}'];
    return { name, type, required: false, goType, ...(format !== undefined && { format }) };
  }

  private element(): FieldSchema {
    const element = this.shape('');
    if (this.text[this.at] === '(') {
      this.at += 1;
      this.flags(element);
      this.at += 1;
    }
    return Object.freeze(element);
  }

  private match(pattern: RegExp): string {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0] ?? '';
    this.at += found.length;
    return found;
  }

  private flags(field: Mutable<FieldSchema>): void {
    for (let flag = this.text[this.at]; flag !== undefined && flag !== ')'; flag = this.text[this.at]) {
      this.at += 1;
      this.flag(field, flag);
    }
  }

  private flag(field: Mutable<FieldSchema>, flag: string): void {
    switch (flag) {
      case '!': field.required = true; break;
      case '*': field.pointer = true; break;
      case '?': field.omitEmpty = true; break;
      case 'w': field.wrapped = true; break;
      case 'o': field.alternative = 'boolean'; field.goType = 'v1.JSONSchemaPropsOrBool'; break;
      case 'O': field.alternative = 'list'; field.goType = 'v1.JSONSchemaPropsOrArray'; break;
      case 'S': field.alternative = 'strings'; field.goType = 'v1.JSONSchemaPropsOrStringArray'; break;
      case '#': field.protobuf = parseInt(this.match(base36), 36); break;
      case '^': field.protobufInline = [...(field.protobufInline ?? []), parseInt(this.match(base36), 36)]; break;
      case '&': field.goType = this.context.goName(parseInt(this.match(base36), 36)); break;
      case '+': field.goEmbedded = this.context.goName(parseInt(this.match(base36), 36)); break;
      case '%': field.default = JSON.parse(this.text.slice(this.at)) as unknown; this.at = this.text.length; break;
      default: this.merging(field, flag);
    }
  }

  private merging(field: Mutable<FieldSchema>, flag: string): void {
    const text = flag === '~' || flag === '=' ? '' : this.match(flag === '|' ? upToDefault : upTo);
    if (flag === '~') {
      if (field.type === 'list') field.listType = 'atomic';
      else field.atomic = true;
    } else if (flag === '=') field.listType = 'set';
    else if (flag === ':') {
      field.listType = 'map';
      field.listMapKeys = text.split(',');
    } else if (flag === '$') {
      const [strategy = '', key] = text.split('/');
      field.patchStrategy = strategy;
      if (key !== undefined) field.patchMergeKey = key;
    } else if (flag === '|') field.enum = text.split(',');
    else throw new Error(`the schema's text has an unknown flag ${flag}: ${this.text}`);
  }
}
