import { allResources, apiVersionOf, type Describe, typeForKind, type TypeSchema } from '../../api';
import type { ApiResponse } from '../../api';
import { hex, sha256, utf8Encode } from '../../kernel';
import type { Call } from '../call';
import type { ServedResource, ServedResources } from '../served';
import { CustomSchemas } from './custom';
import { PathWriter } from './paths';
import { type Json, SchemaWriter } from './schemas';

const info = { title: 'Kubernetes', version: 'v1.36.3' };

/** OpenAPI documents of what is served, written when first asked for and again when that changes. */
export class OpenApi {
  private revision = -1;
  private readonly documents = new Map<string, Json>();
  private kinds: ReadonlyMap<string, readonly Json[]> | undefined;

  constructor(private readonly served: ServedResources, private readonly describe: Describe) {}

  /** Answers /openapi/v2 and /openapi/v3…; undefined for other paths. */
  answer({ info: { path } }: Call): ApiResponse | undefined {
    if (this.revision !== this.served.revision) this.documents.clear();
    this.revision = this.served.revision;
    if (path === '/openapi/v2') return { status: 200, body: this.document('v2', () => this.v2()) };
    if (path === '/openapi/v3' || path === '/openapi/v3/') return { status: 200, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: this.document('index', () => this.index()) };
    const match = /^\/openapi\/v3\/(?:api\/([^/]+)|apis\/([^/]+)\/([^/]+))\/?$/.exec(path);
    if (!match) return { status: 404 };
    const [, core, group = '', version = core ?? ''] = match;
    const members = this.membersOf(group, version);
    if (members.length === 0) return { status: 404 };
    return { status: 200, body: this.document(`${group}/${version}`, () => this.v3(members)) };
  }

  private document(key: string, make: () => Json): Json {
    let known = this.documents.get(key);
    if (known === undefined) {
      known = make();
      this.documents.set(key, known);
    }
    return known;
  }

  private membersOf(group: string, version: string): ServedResource[] {
    return [...this.served.all()].filter((one) => one.info.group === group && one.info.version === version);
  }

  private index(): Json {
    const names = new Set(['.well-known/openid-configuration', 'api', 'apis', 'openid/v1/jwks', 'version']);
    for (const { info: { group, version } } of this.served.all()) {
      if (group === '') names.add(`api/${version}`);
      else {
        if (!this.isCustomGroup(group)) names.add(`apis/${group}`);
        names.add(`apis/${group}/${version}`);
      }
    }
    const hash = (name: string) => hex(sha256(utf8Encode(`${name} ${this.revision}`))).toUpperCase();
    return { paths: Object.fromEntries([...names].sort().map((name) => [name, { serverRelativeURL: `/openapi/v3/${name}?hash=${hash(name)}` }])) };
  }

  private isCustomGroup(group: string): boolean {
    for (const one of this.served.all()) if (one.info.group === group) return one.custom !== undefined;
    return false;
  }

  private v3(members: readonly ServedResource[]): Json {
    const writer = new SchemaWriter('#/components/schemas/', (name) => this.kindsOf(name), this.describe);
    const schemas = new CustomSchemas(writer, { prefix: '#/components/schemas/', old: false });
    const paths = new PathWriter(writer, ({ group, version, kind }) => {
      const custom = members.find((one) => one.custom && one.info.group === group && one.info.version === version && (one.info.kind === kind || (one.listKind ?? `${one.info.kind}List`) === kind));
      if (!custom?.custom) return undefined;
      return schemas.write(custom, custom.info.kind !== kind);
    });
    const [first] = members;
    if (first) paths.root(first.info.group, first.info.version);
    for (const { info: resource } of members) paths.resource(resource);
    const options = typeForKind({ group: '', version: 'v1', kind: 'DeleteOptions' });
    if (options) writer.type(options);
    return { openapi: '3.0.0', info: { ...info, ...(members[0]?.custom && { title: 'Kubernetes CRD Swagger', version: 'v0.1.0' }) }, paths: paths.paths, components: { schemas: writer.schemas, securitySchemes: { BearerToken: { type: 'apiKey', name: 'authorization', in: 'header' } } } };
  }

  private v2(): Json {
    const writer = new SchemaWriter('#/definitions/', (name) => this.kindsOf(name), this.describe);
    for (const resource of allResources()) writer.type(resource.type);
    const schemas = new CustomSchemas(writer, { prefix: '#/definitions/', old: true });
    for (const one of this.served.all()) if (one.custom) for (const list of [false, true]) schemas.write(one, list);
    return { swagger: '2.0', info, paths: {}, definitions: writer.schemas };
  }

  private kindsOf(name: string): readonly Json[] {
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
