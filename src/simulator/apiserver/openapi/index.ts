import { allResources, type ApiResponse, apiVersionOf, type Describe, typeForKind, type TypeSchema } from '../../api';
import { hex, sha256, utf8Encode } from '../../kernel';
import type { Call } from '../call';
import type { ServedResource, ServedResources } from '../served';
import { answerDocument, type Document } from './answer';
import { CustomSchemas, type Dialect } from './custom';
import { groupOperation, type Operation, ResourceOperations, serverOperations, versionOperation } from './operations';
import { PathWriter, type Refer } from './paths';
import { inOrder, type Json, SchemaWriter } from './schemas';

const info = { title: 'Kubernetes', version: '1.36' };

const bearerToken = { type: 'apiKey', name: 'authorization', in: 'header' };

/** Kinds of the API's machinery, and those that each version of each group has as its own. */
const metaKinds = new Set(['APIGroup', 'APIGroupList', 'APIResourceList', 'APIVersions', 'Status']);
const everywhere = new Set(['DeleteOptions', 'WatchEvent']);

const listKindOf = ({ info: { kind }, listKind = `${kind}List` }: ServedResource): string => listKind;

/** OpenAPI documents of what is served, written when first asked for and again when that changes. */
export class OpenApi {
  private revision = -1;
  private readonly documents = new Map<string, Document>();
  private kinds: ReadonlyMap<string, readonly Json[]> | undefined;

  constructor(private readonly served: ServedResources, private readonly describe: Describe) {}

  /** Answers /openapi/v2 and /openapi/v3…; undefined for other paths. */
  answer({ info: { path }, query, request: { headers } }: Call): ApiResponse | undefined {
    if (this.revision !== this.served.revision) this.documents.clear();
    this.revision = this.served.revision;
    if (path === '/openapi/v3') return { status: 200, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: this.index() };
    const document = path === '/openapi/v2' ? this.document('v2', () => this.v2()) : this.v3(path.slice('/openapi/v3/'.length));
    return document === undefined ? { status: 404 } : answerDocument(document, path, query, headers);
  }

  private document(name: string, make: () => Json): Document {
    let known = this.documents.get(name);
    if (known === undefined) {
      const body = make();
      known = { body, text: JSON.stringify(body), hash: this.hashOf(name) };
      this.documents.set(name, known);
    }
    return known;
  }

  /** Changes when what is served does: all documents can change then. */
  private hashOf(name: string): string {
    return hex(sha256(utf8Encode(`${name} ${this.revision}`))).toUpperCase();
  }

  /** The documents of OpenAPI 3, by the names under which the index lists them, and what makes them. */
  private names(): Map<string, () => Json> {
    const names = new Map<string, () => Json>();
    for (const [path, operation] of serverOperations) names.set(path.slice(1, -1), () => this.write(new Map([[path, [operation]]])));
    for (const { info: { group, version }, custom } of this.served.all()) {
      if (group !== '' && !custom) names.set(`apis/${group}`, () => this.write(new Map([[`/apis/${group}/`, [groupOperation(group)]]])));
      names.set(group === '' ? `api/${version}` : `apis/${group}/${version}`, () => this.write(this.operationsOf(group, version), this.membersOf(group, version)));
    }
    return names;
  }

  private v3(name: string): Document | undefined {
    const make = this.names().get(name);
    return make && this.document(name, make);
  }

  private index(): Json {
    return { paths: Object.fromEntries([...this.names().keys()].sort().map((name) => [name, { serverRelativeURL: `/openapi/v3/${name}?hash=${this.hashOf(name)}` }])) };
  }

  private membersOf(group: string, version: string): ServedResource[] {
    return [...this.served.all()].filter((one) => one.info.group === group && one.info.version === version);
  }

  private operationsOf(group: string, version: string): Map<string, readonly Operation[]> {
    const members = this.membersOf(group, version);
    const paths = new Map<string, readonly Operation[]>();
    if (members.some(({ custom }) => !custom)) paths.set(`${group === '' ? '/api' : '/apis'}/${apiVersionOf(group, version)}/`, [versionOperation(group, version)]);
    for (const { info: resource, custom, listKind } of members) for (const [path, operations] of new ResourceOperations(resource, custom !== undefined, listKind).paths) paths.set(path, operations);
    return paths;
  }

  /** A document of OpenAPI 3 with these paths and what they refer to. */
  private write(operations: ReadonlyMap<string, readonly Operation[]>, members: readonly ServedResource[] = []): Json {
    const { paths, schemas } = this.parts(operations, members, { prefix: '#/components/schemas/', old: false });
    return {
      openapi: '3.0.0',
      info: members[0]?.custom ? { title: 'Kubernetes CRD Swagger', version: 'v0.1.0' } : info,
      paths,
      components: { ...(Object.keys(schemas).length > 0 && { schemas }), ...(members[0]?.custom === undefined && { securitySchemes: { BearerToken: bearerToken } }) },
    };
  }

  private v2(): Json {
    const members = [...this.served.all()];
    const operations = new Map<string, readonly Operation[]>([...serverOperations].map(([path, operation]) => [path, [operation]]));
    for (const { info: { group, version }, custom } of members) {
      if (group !== '' && !custom) operations.set(`/apis/${group}/`, [groupOperation(group)]);
      for (const [path, one] of this.operationsOf(group, version)) operations.set(path, one);
    }
    const { paths, schemas } = this.parts(operations, members, { prefix: '#/definitions/', old: true });
    return { swagger: '2.0', info, paths, definitions: schemas, securityDefinitions: { BearerToken: bearerToken }, security: [{ BearerToken: [] }] };
  }

  private parts(operations: ReadonlyMap<string, readonly Operation[]>, members: readonly ServedResource[], dialect: Dialect): { readonly paths: Json; readonly schemas: Json } {
    const writer = new SchemaWriter(dialect.prefix, (name) => this.kindsOf(name, members), this.describe);
    const custom = new CustomSchemas(writer, dialect);
    const refer: Refer = (content) => {
      if (content === 'patch') return writer.named('io.k8s.apimachinery.pkg.apis.meta.v1.Patch');
      const { group, version, kind } = content;
      const own = members.find((one) => one.custom && one.info.group === group && one.info.version === version && (one.info.kind === kind || listKindOf(one) === kind));
      if (own) return custom.write(own, own.info.kind !== kind);
      const type = typeForKind(content);
      return type ? writer.type(type) : writer.named(`io.k8s.apimachinery.pkg.${kind}`);
    };
    const paths = new PathWriter(refer, dialect.old);
    return { paths: inOrder(Object.fromEntries([...operations].map(([path, ones]) => [path, paths.item(ones)]))), schemas: inOrder(writer.schemas) };
  }

  private kindsOf(name: string, members: readonly ServedResource[]): readonly Json[] {
    const short = /\.meta\.v1\.(\w+)$/.exec(name)?.[1] ?? '';
    if (everywhere.has(short)) {
      const versions = new Map(members.map(({ info: { group, version } }) => [apiVersionOf(group, version), { group, kind: short, version }]));
      return [...new Map<string, Json>([['v1', { group: '', kind: short, version: 'v1' }], ...versions]).values()];
    }
    if (metaKinds.has(short)) return [{ group: '', kind: short, version: 'v1' }];
    if (this.kinds === undefined) {
      const kinds = new Map<string, Json[]>();
      const add = (type: TypeSchema | undefined, kind: Json) => {
        if (type) kinds.set(type.name, [...(kinds.get(type.name) ?? []), kind]);
      };
      for (const { group, version, kind, type, subresources, verbs } of allResources()) {
        add(type, { group, kind, version });
        if (verbs.includes('list')) add(typeForKind({ group, version, kind: `${kind}List` }), { group, kind: `${kind}List`, version });
        for (const sub of subresources) if (apiVersionOf(sub.group, sub.version) !== apiVersionOf(group, version) && sub.name !== 'scale') add(typeForKind(sub), { group: sub.group, kind: sub.kind, version: sub.version });
      }
      add(typeForKind({ group: 'autoscaling', version: 'v1', kind: 'Scale' }), { group: 'autoscaling', kind: 'Scale', version: 'v1' });
      this.kinds = kinds;
    }
    return this.kinds.get(name) ?? [];
  }
}
