import { type CelType, celListOf, celMapOf, celObjectOf, celTypes, type FieldSchema, type TypeSchema } from '../../../api';

/** The fields of a type, each made when it is first asked for: types hold themselves. */
class LazyFields extends Map<string, CelType> {
  private readonly made = new Map<string, CelType | undefined>();

  constructor(private readonly type: TypeSchema, private readonly name: string) {
    super();
  }

  override get(field: string): CelType | undefined {
    if (!this.made.has(field)) this.made.set(field, this.typeOf(field));
    return this.made.get(field);
  }

  private typeOf(field: string): CelType | undefined {
    const schema = this.type.fields.get(field);
    return schema && celTypeOfField(schema, `${this.name}.${field}`);
  }
}

/** The type of a kind's objects, for expressions that are checked against it. */
export const celTypeOfObject = (type: TypeSchema, name: string): CelType => celObjectOf(name, new LazyFields(type, name));

/** undefined: expressions cannot see the field, as quantities, which are no text and no number. */
function celTypeOfField(field: FieldSchema, name: string): CelType | undefined {
  if (field.alternative) return celTypes.dyn;
  switch (field.type) {
    case 'string':
    case 'duration': return celTypes.string;
    case 'boolean': return celTypes.bool;
    case 'integer': return celTypes.int;
    case 'number': return celTypes.double;
    case 'bytes': return celTypes.bytes;
    case 'time':
    case 'microTime': return celTypes.timestamp;
    case 'intOrString': return celTypes.dyn;
    case 'object': return field.object && celTypeOfObject(field.object, name);
    case 'json': return celObjectOf(name, new Map());
    case 'list': {
      const element = field.element && celTypeOfField(field.element, `${name}.@idx`);
      return element && celListOf(element);
    }
    case 'map': {
      const element = field.element && celTypeOfField(field.element, `${name}.@elem`);
      return element && celMapOf(element);
    }
    default: return undefined;
  }
}
