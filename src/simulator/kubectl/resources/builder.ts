import { isStatus, StatusError } from '../../api';
import type { Task } from '../../kernel';
import { resourcePath, type Mapper, type Mapping } from '../api/mapper';
import { queryText } from '../api/rest';
import type { Context } from '../command';
import { CommandError, isNotFound } from '../errors';
import { listAt, nameOf, namespaceOf, textAt, withAt, type Fields } from '../fields';
import { buildKustomization } from '../kustomize';
import { readManifests, type Manifest } from './manifests';
import { readSources } from './read-files';

/** One object that a command works on. */
export interface Info {
  readonly mapping: Mapping;
  /** Undefined for cluster-scoped resources. */
  readonly namespace: string | undefined;
  readonly name: string;
  /** As fetched, or as the file says; {} when nothing was fetched. */
  readonly object: Fields;
  /** The file that named it. */
  readonly source?: string;
}

/** What the words of a command name: a resource with a name, or all of its objects. */
export interface Target {
  readonly mapping: Mapping;
  readonly name: string | undefined;
}

/** Nothing was named at all. */
export const noResources = (): CommandError =>
  new CommandError("You must provide one or more resources by argument or filename.\nExample resource specifications include:\n   '-f rsrc.yaml'\n   '--filename=rsrc.json'\n   '<resource> <name>'\n   '<resource>'");

const slashMixed = "there is no need to specify a resource type as a separate argument when passing arguments in resource/name form (e.g. 'kubectl get resource/<resource_name>' instead of 'kubectl get resource resource/<resource_name>'";

/** TYPE[,TYPE] [NAME…] or TYPE/NAME… as targets. */
export function parseTargets(mapper: Mapper, args: readonly string[]): Target[] {
  if (args.length === 0) return [];
  const withSlash = args.filter((arg) => arg.includes('/'));
  if (withSlash.length > 0) {
    if (withSlash.length < args.length) throw new CommandError((args[0] as string).includes(',') ? 'arguments in resource/name form must have a single resource and name' : slashMixed);
    return args.map((arg) => {
      const parts = arg.split('/');
      const [type = '', name = ''] = parts;
      if (parts.length !== 2) throw new CommandError('arguments in resource/name form may not have more than one slash');
      if (type === '' || name === '' || type.includes(',')) throw new CommandError('arguments in resource/name form must have a single resource and name');
      return { mapping: mapper.resolve(type), name };
    });
  }
  const [types = '', ...names] = args;
  const mappings = types.split(',').flatMap((type) => {
    const members = mapper.find(type) ? [] : mapper.category(type);
    return members.length > 0 ? members : [mapper.resolve(type)];
  });
  return mappings.flatMap((mapping): Target[] => (names.length === 0 ? [{ mapping, name: undefined }] : names.map((name) => ({ mapping, name }))));
}

/** Whether -f or -k was given. */
export function hasFiles({ flags }: Pick<Context, 'flags'>): boolean {
  return (flags.has('filename') && flags.list('filename').length > 0) || (flags.has('kustomize') && flags.string('kustomize') !== '');
}

/** The mapping of a manifest; throws what kubectl says of unknown kinds. */
export function mappingOfManifest(mapper: Mapper, { object, source }: Manifest): Mapping {
  const kind = textAt(object, 'kind');
  const version = textAt(object, 'apiVersion');
  const mapping = mapper.byKind(version, kind) ?? mapper.mappings.find((one) => one.kind.toLowerCase() === kind && (one.group === '' ? one.version : `${one.group}/${one.version}`) === version);
  if (mapping) return mapping;
  throw new CommandError(`resource mapping not found for name: ${JSON.stringify(nameOf(object))} namespace: ${JSON.stringify(namespaceOf(object))} from ${JSON.stringify(source)}: no matches for kind ${JSON.stringify(kind)} in version ${JSON.stringify(version)}\nensure CRDs are installed first`);
}

/** The objects that -f and -k hold. Problems come after what was read before them; `validated` checks apiVersion and kind. */
export function* infosOfFiles(context: Context, validated: boolean): Task<{ infos: Info[]; errors: unknown[] }> {
  const { flags, session } = context;
  const manifests: Manifest[] = [];
  const errors: unknown[] = [];
  const collect = (read: () => void) => {
    try {
      read();
    } catch (error) {
      errors.push(error);
    }
  };
  if (flags.has('kustomize') && flags.string('kustomize') !== '') {
    const folder = flags.string('kustomize');
    if (flags.list('filename').length > 0) throw new CommandError('only one of -f or -k can be specified');
    for (const object of buildKustomization(session.host.files, folder)) manifests.push({ source: folder, object });
  } else {
    for (const name of flags.list('filename')) {
      try {
        const sources = yield* readSources(session.host.files, session.host.stdin, [name], flags.has('recursive') && flags.bool('recursive'));
        for (const source of sources) collect(() => readManifests(source, validated, (manifest) => manifests.push(manifest)));
      } catch (error) {
        errors.push(error);
      }
    }
  }
  const infos: Info[] = [];
  const mapper = manifests.length > 0 ? yield* session.mapper() : undefined;
  for (const manifest of manifests) {
    try {
      infos.push(infoOfManifest(context, mapper as Mapper, manifest));
    } catch (error) {
      errors.push(error);
    }
  }
  return { infos, errors };
}

function infoOfManifest({ flags, session }: Context, mapper: Mapper, manifest: Manifest): Info {
  const mapping = mappingOfManifest(mapper, manifest);
  const { object, source } = manifest;
  const own = namespaceOf(object);
  if (flags.has('local') && flags.bool('local')) return { mapping, namespace: own, name: nameOf(object), object, source };
  if (!mapping.namespaced) return { mapping, namespace: undefined, name: nameOf(object), object, source };
  if (own !== '' && session.namespaceGiven && own !== session.namespace) {
    throw new CommandError(`the namespace from the provided object ${JSON.stringify(own)} does not match the namespace ${JSON.stringify(session.namespace)}. You must pass '--namespace=${own}' to perform this operation.`);
  }
  const namespace = own === '' ? session.namespace : own;
  return { mapping, namespace, name: nameOf(object), object: own === '' ? withAt(object, ['metadata', 'namespace'], namespace) : object, source };
}

/** How `gatherInfos` finds objects. */
export interface GatherOptions {
  /** The words that name resources; default: all arguments. */
  readonly args?: readonly string[];
  /** A type alone means all of its objects, even without a selector. */
  readonly allowAll?: boolean;
  /** Objects of files are fetched as they are now. Default true. */
  readonly latest?: boolean;
  /** Named objects are not fetched. */
  readonly namesOnly?: boolean;
  /** Check apiVersion and kind of files. */
  readonly validated?: boolean;
}

/** What a gathering found, and what it did not. */
export interface Gathered {
  readonly infos: Info[];
  readonly errors: unknown[];
  /** A single TYPE NAME or TYPE/NAME was asked for. */
  readonly singular: boolean;
}

/** Finds the objects of a command from its arguments, selectors, --all and files. Goes on after failures and reports them. */
export function* gatherInfos(context: Context, options: GatherOptions = {}): Task<Gathered> {
  const { flags, session } = context;
  const args = options.args ?? context.args;
  if (hasFiles(context)) {
    if (args.length > 0) throw new CommandError('when paths, URLs, or stdin is provided as input, you may not specify resource arguments as well');
    const { infos, errors } = yield* infosOfFiles(context, options.validated ?? false);
    if (options.latest === false || options.namesOnly === true) return { infos, errors, singular: infos.length === 1 };
    const fetched: Info[] = [];
    for (const info of infos) {
      try {
        fetched.push({ ...info, object: yield* fetchObject(context, info.mapping, info.namespace, info.name) });
      } catch (error) {
        errors.push(error);
      }
    }
    return { infos: fetched, errors, singular: infos.length === 1 };
  }
  if (args.length === 0) throw noResources();
  const selector = flags.has('selector') ? flags.string('selector') : '';
  const fieldSelector = flags.has('field-selector') ? flags.string('field-selector') : '';
  const all = flags.has('all') && flags.bool('all');
  const anywhere = flags.has('all-namespaces') && flags.bool('all-namespaces');
  const targets = parseTargets(yield* session.mapper(), args);
  const named = targets.some(({ name }) => name !== undefined);
  if (named && (selector !== '' || fieldSelector !== '' || all)) throw new CommandError('name cannot be provided when a selector is specified');
  if (named && anywhere) throw new CommandError('a resource cannot be retrieved by name across all namespaces');
  if (!named && selector === '' && fieldSelector === '' && !all && options.allowAll !== true && !anywhere) throw new CommandError('resource(s) were provided, but no name was specified');
  const infos: Info[] = [];
  const errors: unknown[] = [];
  for (const { mapping, name } of targets) {
    const namespace = mapping.namespaced && !anywhere ? session.namespace : undefined;
    try {
      if (name === undefined) infos.push(...(yield* listInfos(context, mapping, namespace, { labelSelector: selector, fieldSelector })));
      else infos.push({ mapping, namespace, name, object: options.namesOnly === true ? {} : yield* fetchObject(context, mapping, namespace, name) });
    } catch (error) {
      errors.push(error);
    }
  }
  return { infos, errors, singular: named && targets.length === 1 };
}

/** One object as the server has it. */
export function* fetchObject({ session }: Pick<Context, 'session'>, mapping: Mapping, namespace: string | undefined, name: string, subresource?: string): Task<Fields> {
  if (name === '') throw new CommandError('resource name may not be empty');
  return yield* named({ session }, namespace, () => session.rest.get(resourcePath(mapping, namespace, name, subresource)));
}

/** A request for something by its name: when that is not there because its namespace is not, the error says so. */
export function* named<T>({ session }: Pick<Context, 'session'>, namespace: string | undefined, request: () => Task<T>): Task<T> {
  try {
    return yield* request();
  } catch (error) {
    if (isNotFound(error) && namespace !== undefined && namespace !== 'default') yield* session.rest.get(`/api/v1/namespaces/${namespace}`);
    throw error;
  }
}

/** A list request: what the server refuses is told with what was asked for. */
export function* listed<T>(mapping: Pick<Mapping, 'group' | 'version' | 'resource'>, query: { readonly labelSelector?: string; readonly fieldSelector?: string }, request: () => Task<T>): Task<T> {
  try {
    return yield* request();
  } catch (error) {
    if (!isStatus(error, 'BadRequest') && !isStatus(error, 'NotFound')) throw error;
    const { fieldSelector = '', labelSelector = '' } = query;
    const what = JSON.stringify(`${mapping.group}/${mapping.version}, Resource=${mapping.resource}`);
    const text = labelSelector === '' && fieldSelector === '' ? `Unable to list ${what}: ${error.message}` : `Unable to find ${what} that match label selector ${JSON.stringify(labelSelector)}, field selector ${JSON.stringify(fieldSelector)}: ${error.message}`;
    throw new StatusError({ ...error.status, message: text });
  }
}

/** All pages of a list as one. */
export function* listAll({ session }: Pick<Context, 'session'>, mapping: Pick<Mapping, 'group' | 'version' | 'resource' | 'namespaced'>, namespace: string | undefined, query: { labelSelector?: string; fieldSelector?: string } = {}, chunk = 500): Task<Fields> {
  let first: Fields | undefined;
  let items: readonly Fields[] = [];
  let token = '';
  do {
    const page: Fields = yield* listed(mapping, query, () => session.rest.get(`${resourcePath(mapping, namespace)}${queryText({ ...query, limit: chunk > 0 ? chunk : undefined, continue: token })}`));
    first ??= page;
    items = items.length === 0 ? listAt(page, 'items') : [...items, ...listAt(page, 'items')];
    token = textAt(page, 'metadata', 'continue');
  } while (token !== '');
  return { ...first, items };
}

function* listInfos(context: Context, mapping: Mapping, namespace: string | undefined, query: { labelSelector: string; fieldSelector: string }): Task<Info[]> {
  const list = yield* listAll(context, mapping, namespace, query);
  return listAt(list, 'items').map((item) => ({ mapping, namespace: mapping.namespaced ? namespaceOf(item) : undefined, name: nameOf(item), object: withType(item, mapping) }));
}

/** The object with its apiVersion and kind, which items of lists lack. */
export function withType(object: Fields, mapping: Mapping): Fields {
  if (object['kind'] !== undefined) return object;
  return { apiVersion: mapping.group === '' ? mapping.version : `${mapping.group}/${mapping.version}`, kind: mapping.kind, ...object };
}
