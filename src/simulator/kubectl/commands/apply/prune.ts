import { StatusError } from '../../../api';
import type { Task } from '../../../kernel';
import type { Mapper, Mapping } from '../../api/mapper';
import type { Context } from '../../command';
import { CommandError } from '../../errors';
import { listAt, nameOf, namespaceOf, textAt } from '../../fields';
import { dryRunOf, dryRunSuffix, namePrinter } from '../../print/printer';
import { listAll, withType } from '../../resources/builder';
import { deleteObject, propagationOf } from '../delete';
import { lastApplied } from './client-side';

const defaults = ['core/v1/ConfigMap', 'core/v1/Endpoints', 'core/v1/Namespace', 'core/v1/PersistentVolumeClaim', 'core/v1/PersistentVolume', 'core/v1/Pod', 'core/v1/ReplicationController', 'core/v1/Secret', 'core/v1/Service', 'batch/v1/Job', 'batch/v1/CronJob', 'networking.k8s.io/v1/Ingress', 'apps/v1/DaemonSet', 'apps/v1/Deployment', 'apps/v1/ReplicaSet', 'apps/v1/StatefulSet'];

/** The resources of --prune-allowlist. Throws for what is not group/version/kind. */
export function pruneMappings(mapper: Mapper, allowlist: readonly string[]): Mapping[] {
  return (allowlist.length > 0 ? allowlist : defaults).flatMap((text) => {
    const parts = text.split('/');
    const [group = '', version = '', kind = ''] = parts;
    if (parts.length !== 3) throw new CommandError(`invalid GroupVersionKind format: ${text}, please follow <group/version/kind>`);
    const mapping = mapper.byKind(group === 'core' ? version : `${group}/${version}`, kind);
    if (!mapping && allowlist.length > 0) throw new CommandError(`no matches for kind ${JSON.stringify(kind)} in version ${JSON.stringify(group === 'core' ? version : `${group}/${version}`)}`);
    return mapping ? [mapping] : [];
  });
}

/** Deletes what was applied once, is selected, and is not among what was applied now. */
export function* prune(context: Context, keep: ReadonlySet<string>, namespaces: ReadonlySet<string>): Task<void> {
  const { flags, session } = context;
  const mappings = pruneMappings(yield* session.mapper(), flags.list('prune-allowlist'));
  const print = namePrinter(context.out, `pruned${dryRunSuffix(flags)}`, flags.string('output') === 'name');
  const visit = function* (mapping: Mapping, namespace: string | undefined): Task<void> {
    const list = yield* listAll(context, mapping, namespace, { labelSelector: flags.string('selector') });
    for (const item of listAt(list, 'items')) {
      if (!lastApplied(item) || keep.has(textAt(item, 'metadata', 'uid'))) continue;
      if (dryRunOf(flags) !== 'client') {
        try {
          yield* deleteObject(context, { mapping, namespace: namespaceOf(item) || undefined, name: nameOf(item) }, { gracePeriod: flags.number('grace-period'), propagation: propagationOf(context) });
        } catch (error) {
          if (!(error instanceof StatusError)) throw error;
          throw new CommandError(`error pruning ${namespaceOf(item) === '' ? 'nonNamespaced' : 'namespaced'} object ${mapping.group}/${mapping.version}, Kind=${mapping.kind}: ${error.message}`);
        }
      }
      print(withType(item, mapping));
    }
  };
  for (const namespace of namespaces) for (const mapping of mappings) if (mapping.namespaced) yield* visit(mapping, namespace);
  for (const mapping of mappings) if (!mapping.namespaced) yield* visit(mapping, undefined);
}
