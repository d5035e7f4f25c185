import { schemaJson } from '../generated/schema';
import type { GroupVersionKind, GroupVersionResource } from '../object';
import type { ColumnDefinition, FieldSchema, ResourceInfo, SubresourceInfo, TypeSchema } from '../schema';
import { FieldReader, type TextContext } from './field-text';

type EncodedSubresource = readonly [name: string, group: string, version: string, kind: string, verbs: number];
type EncodedColumn = readonly [name: string, type: string, format: string, description: number, priority: number];
type EncodedResource = readonly [
  name: string, singular: string, kind: string, namespaced: 0 | 1, shortNames: string, categories: string, verbs: number, hash: string, type: string,
  subresources: readonly EncodedSubresource[], columns: readonly EncodedColumn[],
];
type EncodedGroup = readonly [group: string, version: string, preferred: 0 | 1, resources: readonly EncodedResource[]];

interface Encoded {
  readonly packages: readonly (readonly [name: string, group?: string, version?: string])[];
  readonly names: string;
  readonly types: readonly string[];
  readonly goNames: readonly string[];
  readonly strings: readonly string[];
  readonly groups: readonly EncodedGroup[];
}

/** A group and one version of it, as discovery lists them. */
export interface GroupVersionEntry {
  readonly group: string;
  readonly version: string;
  readonly preferred: boolean;
}

/** A type whose fields are read when they are first asked for. */
class LazyType implements TypeSchema {
  private read: ReadonlyMap<string, FieldSchema> | undefined;

  constructor(
    readonly name: string,
    private readonly text: string,
    private readonly context: TextContext,
  ) {}

  get fields(): ReadonlyMap<string, FieldSchema> {
    return (this.read ??= new FieldReader(this.text, this.context).fields());
  }
}

const words = (text: string): readonly string[] => (text === '' ? [] : text.split(' '));
const metaPackage = 'io.k8s.apimachinery.pkg.apis.meta.v1';

/** The whole schema, read once. */
class Catalog {
  readonly groups: readonly GroupVersionEntry[];
  readonly resources: readonly ResourceInfo[];
  private readonly types: (LazyType | undefined)[] = [];
  private readonly typeIndex = new Map<string, number>();
  private readonly typeNames: readonly string[];
  private readonly packageOf = new Map<string, string>();
  private readonly byResource = new Map<string, ResourceInfo>();
  private readonly byKind = new Map<string, ResourceInfo>();
  private readonly context: TextContext = {
    type: (index) => this.typeAt(index),
    goName: (index) => this.encoded.goNames[index] ?? '',
  };

  constructor(private readonly encoded: Encoded) {
    this.typeNames = encoded.names.split(' ').map((text) => {
      const dot = text.indexOf('.');
      return `${encoded.packages[parseInt(text.slice(0, dot), 36)]?.[0] ?? ''}${text.slice(dot)}`;
    });
    for (const [index, name] of this.typeNames.entries()) this.typeIndex.set(name, index);
    for (const [name, group, version] of encoded.packages) if (group !== undefined) this.packageOf.set(`${group}/${version}`, name);
    this.groups = encoded.groups.map(([group, version, preferred]) => ({ group, version, preferred: preferred === 1 }));
    this.resources = encoded.groups.flatMap(([group, version, , resources]) => resources.map((resource) => this.resource(group, version, resource)));
    for (const info of this.resources) {
      this.byResource.set(`${info.group}/${info.version}/${info.resource}`, info);
      this.byKind.set(`${info.group}/${info.version}/${info.kind}`, info);
    }
  }

  type(name: string): TypeSchema | undefined {
    const index = this.typeIndex.get(name);
    return index === undefined ? undefined : this.typeAt(index);
  }

  resourceFor(group: string, version: string, resource: string): ResourceInfo | undefined {
    return this.byResource.get(`${group}/${version}/${resource}`);
  }

  resourceForKind(group: string, version: string, kind: string): ResourceInfo | undefined {
    return this.byKind.get(`${group}/${version}/${kind}`);
  }

  typeForKind(group: string, version: string, kind: string): TypeSchema | undefined {
    const info = this.resourceForKind(group, version, kind);
    if (info) return info.type;
    const own = this.packageOf.get(`${group}/${version}`);
    return (own === undefined ? undefined : this.type(`${own}.${kind}`)) ?? this.type(`${metaPackage}.${kind}`);
  }

  private typeAt(index: number): LazyType {
    return (this.types[index] ??= new LazyType(this.typeNames[index] ?? '', this.encoded.types[index] ?? '', this.context));
  }

  private resource(group: string, version: string, encoded: EncodedResource): ResourceInfo {
    const [resource, singular, kind, namespaced, shortNames, categories, verbs, storageVersionHash, type, subresources, columns] = encoded;
    const text = (index: number) => this.encoded.strings[index] ?? '';
    return Object.freeze({
      group, version, resource, singular, kind, namespaced: namespaced === 1, storageVersionHash,
      shortNames: words(shortNames),
      categories: words(categories),
      verbs: words(text(verbs)),
      subresources: subresources.map(([name, subGroup, subVersion, subKind, subVerbs]): SubresourceInfo => ({ name, group: subGroup, version: subVersion, kind: subKind, verbs: words(text(subVerbs)) })),
      columns: columns.map(([name, columnType, format, description, priority]): ColumnDefinition => ({ name, type: columnType, format, description: text(description), priority })),
      type: this.typeAt(parseInt(type, 36)),
    });
  }
}

let loaded: Catalog | undefined;
const catalog = (): Catalog => (loaded ??= new Catalog(JSON.parse(schemaJson) as Encoded));

/** Every built-in resource of every group and version, in discovery's order. */
export const allResources = (): readonly ResourceInfo[] => catalog().resources;

/** Every built-in group and version, in discovery's order, the core group first. */
export const allGroupVersions = (): readonly GroupVersionEntry[] => catalog().groups;

/** The built-in resource of this group, version and plural name. */
export const resourceFor = ({ group, version, resource }: GroupVersionResource): ResourceInfo | undefined => catalog().resourceFor(group, version, resource);

/** The built-in resource whose objects are of this kind. */
export const resourceForKind = ({ group, version, kind }: GroupVersionKind): ResourceInfo | undefined => catalog().resourceForKind(group, version, kind);

/** A type by its OpenAPI name: io.k8s.api.core.v1.PodSpec. */
export const typeNamed = (name: string): TypeSchema | undefined => catalog().type(name);

/** The type of any kind that goes over the wire, lists, Scale, DeleteOptions and so on too. */
export const typeForKind = ({ group, version, kind }: GroupVersionKind): TypeSchema | undefined => catalog().typeForKind(group, version, kind);
