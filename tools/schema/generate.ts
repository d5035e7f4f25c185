// `npm run schema`: asks the oracle (tools/oracle) what its kinds are and writes src/simulator/api/generated.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { discover, type ApiResource, type GroupVersionInfo } from './discovery';
import { encodeTypes, Interner } from './encode';
import { kindsSource } from './kinds';
import { goTypes, type GoTypes } from './oracle';

const meta = 'io.k8s.apimachinery.pkg.apis.meta.v1.';
/** Types that no resource leads to but that go over the wire. */
const extras = [
  ...['Status', 'DeleteOptions', 'CreateOptions', 'UpdateOptions', 'PatchOptions', 'ListOptions', 'GetOptions', 'WatchEvent', 'Table', 'PartialObjectMetadata', 'PartialObjectMetadataList', 'APIGroup', 'APIGroupList', 'APIResourceList', 'APIVersions', 'LabelSelector'].map((name) => meta + name),
  ...['PodLogOptions', 'PodExecOptions', 'PodAttachOptions', 'PodPortForwardOptions', 'PodProxyOptions', 'SerializedReference', 'PodStatusResult', 'RangeAllocation'].map((name) => `io.k8s.api.core.v1.${name}`),
  'io.k8s.api.admission.v1.AdmissionReview', 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.ConversionReview', 'io.k8s.api.apidiscovery.v2.APIGroupDiscoveryList',
  ...['NodeMetrics', 'NodeMetricsList', 'PodMetrics', 'PodMetricsList'].map((name) => `io.k8s.metrics.pkg.apis.metrics.v1beta1.${name}`),
  'io.k8s.apimachinery.pkg.runtime.Unknown',
];

class Strings {
  readonly all: string[] = [];
  private readonly index = new Map<string, number>();

  of(text: string): number {
    let index = this.index.get(text);
    if (index === undefined) {
      index = this.all.push(text) - 1;
      this.index.set(text, index);
    }
    return index;
  }
}

/** Which type a kind has; Scale of a subresource and the like live in groups of their own. */
function typeFinder(go: GoTypes) {
  const types = new Map(go.kinds.map((kind) => [`${kind.Group}/${kind.Version}/${kind.Kind}`, kind.Type]));
  return (group: string, version: string, kind: string) => {
    const type = types.get(`${group}/${version}/${kind}`);
    if (type === undefined) throw new Error(`no Go type for ${group}/${version} ${kind}`);
    return type;
  };
}

function encodeGroup(info: GroupVersionInfo, find: ReturnType<typeof typeFinder>, interner: Interner, strings: Strings, roots: string[]) {
  const gv = (resource: ApiResource): [string, string] => [resource.group ?? info.group, resource.version ?? info.version];
  const parents = info.resources.filter((resource) => !resource.name.includes('/'));
  const resources = parents.map((resource) => {
    const type = find(...gv(resource), resource.kind);
    roots.push(type);
    if (resource.verbs.includes('list')) roots.push(find(...gv(resource), `${resource.kind}List`));
    const subresources = info.resources
      .filter((sub) => sub.name.startsWith(`${resource.name}/`))
      .map((sub) => {
        roots.push(find(...gv(sub), sub.kind));
        return [sub.name.slice(resource.name.length + 1), ...gv(sub), sub.kind, strings.of(sub.verbs.join(' '))];
      });
    const columns = (info.columns[resource.name] ?? []).map((column) => [column.name, column.type, column.format, strings.of(column.description), column.priority]);
    return [
      resource.name, resource.singularName, resource.kind, resource.namespaced ? 1 : 0, (resource.shortNames ?? []).join(' '), (resource.categories ?? []).join(' '),
      strings.of(resource.verbs.join(' ')), resource.storageVersionHash ?? '', interner.type(type), subresources, columns,
    ];
  });
  return [info.group, info.version, info.preferred ? 1 : 0, resources];
}

const go = goTypes();
const groups = await discover();
const interner = new Interner();
const strings = new Strings();
const roots: string[] = [];
const find = typeFinder(go);
const encodedGroups = groups.map((info) => encodeGroup(info, find, interner, strings, roots));
const texts = encodeTypes(go, groups, [...roots, ...extras], interner);
const kinds = go.kinds.filter(({ Type, Kind, Group, Version }) => {
  return interner.types.includes(Type) && !Type.startsWith(meta) && groups.some((info) => (info.group === Group && info.version === Version) || Group === 'admission.k8s.io' || Group === 'metrics.k8s.io') && Type.endsWith(`.${Kind}`);
});
const packages = [...new Set(interner.types.map((name) => name.slice(0, name.lastIndexOf('.'))))];
const packageVersions = packages.map((name) => {
  const kind = kinds.find(({ Type }) => Type.slice(0, Type.lastIndexOf('.')) === name);
  return kind ? [name, kind.Group, kind.Version] : [name];
});
const names = interner.types.map((name) => {
  const dot = name.lastIndexOf('.');
  return `${packages.indexOf(name.slice(0, dot)).toString(36)}.${name.slice(dot + 1)}`;
});
const json = JSON.stringify({ packages: packageVersions, names: names.join(' '), types: texts, goNames: interner.goNames, strings: strings.all, groups: encodedGroups });
const out = path.join(import.meta.dirname, '../../src/simulator/api/generated');
mkdirSync(out, { recursive: true });
const literal = json.replaceAll('\\', '\\\\').replaceAll("'", "\\'");
writeFileSync(path.join(out, 'schema.ts'), `/* Generated from a Kubernetes 1.36.3 API server by \`npm run schema\`; do not edit. See tools/schema/encode.ts. */\nexport const schemaJson =\n  '${literal}';\n`);
writeFileSync(path.join(out, 'kinds.ts'), kindsSource(interner.types, go, groups));
console.log(`${interner.types.length} types, ${groups.length} group versions; schema ${Math.round(json.length / 1024)} KiB, ${(gzipSync(json).length / 1024).toFixed(1)} KiB compressed`);
