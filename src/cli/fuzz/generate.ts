import type { FieldSchema, TypeSchema } from '../../simulator/api';
import type { Chance } from './chance';
import { fitting, keysOf, odd, oddKeys, wrong } from './vocabulary';

/** Types of which one member is to be set, besides those named. */
const unions: Readonly<Record<string, readonly string[]>> = {
  Volume: ['name'], PersistentVolumeSpec: ['capacity', 'accessModes', 'persistentVolumeReclaimPolicy', 'storageClassName', 'volumeMode', 'nodeAffinity', 'claimRef', 'mountOptions'],
  Probe: ['initialDelaySeconds', 'timeoutSeconds', 'periodSeconds', 'successThreshold', 'failureThreshold', 'terminationGracePeriodSeconds'],
  LifecycleHandler: [], EnvVarSource: [], VolumeProjection: [], MetricSpec: ['type'], IngressBackend: [], ServiceBackendPort: [], NetworkPolicyPeer: [], ContainerState: [], DeviceAttribute: [], OpaqueDeviceConfiguration: ['driver', 'parameters'], EnvFromSource: ['prefix'],
};

const shortName = ({ name }: TypeSchema): string => name.slice(name.lastIndexOf('.') + 1);

/** Makes values from the schema: most are as the server likes them, some are not. */
export class Generator {
  /** `mistakes`: the probability that a value is not one that the server likes. */
  constructor(readonly chance: Chance, private readonly mistakes: number) {}

  /** A value for the field. */
  value(field: FieldSchema, depth = 0): unknown {
    if (this.chance.happens(this.mistakes)) return this.odd(field, depth);
    switch (field.type) {
      case 'object': return field.object ? this.object(field.object, depth) : {};
      case 'list': return this.list(field, depth);
      case 'map': return this.map(field, depth);
      default: return this.chance.pick(fitting(field));
    }
  }

  /** A value that the server is likely to refuse. */
  odd(field: FieldSchema, depth = 0): unknown {
    const { chance } = this;
    if (chance.happens(0.12)) return chance.pick(wrong);
    switch (field.type) {
      case 'object': return chance.happens(0.5) ? {} : field.object ? this.object(field.object, depth, 0.6) : {};
      case 'list': {
        const made = this.list(field, depth);
        return chance.happens(0.3) ? [] : [...made, ...made];
      }
      case 'map': return chance.happens(0.2) ? {} : { ...this.map(field, depth), [chance.pick(oddKeys)]: field.element ? this.value(field.element, depth + 1) : '' };
      default: return chance.pick(field.enum && chance.happens(0.5) ? [...field.enum, 'Wrong', ''] : odd(field));
    }
  }

  /** An object with what is required of it and some of the rest. */
  object(type: TypeSchema, depth: number, density = depth < 2 ? 0.25 : 0.15): Record<string, unknown> {
    const { chance } = this;
    const made: Record<string, unknown> = {};
    const all = [...type.fields.values()].filter(({ name }) => name !== 'status');
    const plain = unions[shortName(type)];
    const chosen = plain && chance.pick(all.filter(({ name }) => !plain.includes(name)));
    for (const field of all) {
      const wanted = plain && !plain.includes(field.name) ? field === chosen : field.required || chance.happens(density);
      if (wanted && (depth < 7 || field.required)) made[field.name] = this.value(field, depth + 1);
    }
    if (chance.happens(this.mistakes / 3)) made[chance.pick(['bogus', 'Name', 'extra'])] = chance.pick(wrong);
    return made;
  }

  private list(field: FieldSchema, depth: number): unknown[] {
    const { element } = field;
    const named = element && { ...element, name: field.name };
    return Array.from({ length: this.chance.pick([0, 1, 1, 1, 1, 2]) }, () => (named ? this.value(named, depth + 1) : null));
  }

  private map(field: FieldSchema, depth: number): Record<string, unknown> {
    const { element } = field;
    const named = element && { ...element, name: field.name };
    return Object.fromEntries(Array.from({ length: this.chance.pick([0, 1, 1, 1, 2]) }, () => [this.chance.pick(keysOf(field)), named ? this.value(named, depth + 1) : null]));
  }
}
