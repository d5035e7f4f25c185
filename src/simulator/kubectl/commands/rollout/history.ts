import type { Task } from '../../../kernel';
import { resourceName } from '../../api/mapper';
import { queryText } from '../../api/rest';
import type { Command, Context } from '../../command';
import { writePodTemplate } from '../../describe/template';
import { Writer } from '../../describe/writer';
import { CommandError, throwAll } from '../../errors';
import { at, fieldsAt, listAt, namespaceOf, numberAt, textAt, withAt, type Fields } from '../../fields';
import { dryRunFlag, fileFlags, flag, printFlags, selectorFlag } from '../../flags';
import { patched } from '../../patching';
import { selectorText } from '../../pods/of-target';
import { dryRunOf, outputFormat, resultPrinter, structuredPrinter, unknownFormat } from '../../print/printer';
import { alignTabs, describeTabs } from '../../print/tabs';
import { gatherInfos, hasFiles, type Info } from '../../resources/builder';
import { lastAppliedAnnotation, patchObject } from '../../resources/write';

const revisionAnnotation = 'deployment.kubernetes.io/revision';
const causeAnnotation = 'kubernetes.io/change-cause';

/** One kept state of a workload. */
interface Revision {
  readonly number: number;
  readonly cause: string;
  /** The ReplicaSet or ControllerRevision that holds it. */
  readonly holder: Fields;
  readonly template: Fields | undefined;
}

const owns = (owner: Fields, object: Fields): boolean => listAt(object, 'metadata', 'ownerReferences').some((one) => one['uid'] === textAt(owner, 'metadata', 'uid') && one['controller'] === true);

/** The revisions of a Deployment, DaemonSet or StatefulSet, oldest first. */
export function* revisionsOf({ session }: Context, info: Info): Task<Revision[]> {
  const { mapping, object } = info;
  const query = queryText({ labelSelector: selectorText(at(object, 'spec', 'selector')) });
  const base = `/apis/apps/v1/namespaces/${namespaceOf(object)}`;
  let found: Revision[];
  if (mapping.kind === 'Deployment') {
    const sets = listAt(yield* session.rest.get(`${base}/replicasets${query}`), 'items').filter((set) => owns(object, set));
    found = sets.map((set) => ({ number: Number(textAt(set, 'metadata', 'annotations', revisionAnnotation) || '0'), cause: textAt(set, 'metadata', 'annotations', causeAnnotation), holder: set, template: templateOfSet(set) }));
  } else if (mapping.kind === 'DaemonSet' || mapping.kind === 'StatefulSet') {
    const held = listAt(yield* session.rest.get(`${base}/controllerrevisions${query}`), 'items').filter((one) => owns(object, one));
    found = held.map((one) => ({ number: numberAt(one, 'revision'), cause: textAt(one, 'metadata', 'annotations', causeAnnotation), holder: one, template: fieldsAt(patched(mapping, object, 'application/strategic-merge-patch+json', at(one, 'data')), 'spec', 'template') }));
  } else throw new CommandError(`error retrieving history for ${JSON.stringify(mapping.kind)}, no visitor method exists for {${mapping.group} ${mapping.kind}}`);
  return found.sort((a, b) => a.number - b.number);
}

/** A set's template as history shows it: with the cause among its annotations. */
function templateOfSet(set: Fields): Fields | undefined {
  const template = fieldsAt(set, 'spec', 'template');
  const cause = textAt(set, 'metadata', 'annotations', causeAnnotation);
  return template && cause !== '' ? withAt(template, ['metadata', 'annotations', causeAnnotation], cause) : template;
}

function* showHistory(context: Context, info: Info): Task<void> {
  const { flags, out } = context;
  const revisions = yield* revisionsOf(context, info);
  const wanted = flags.number('revision');
  const format = outputFormat(flags);
  const label = `${resourceLabel(info)}/${info.name}`;
  if (format !== '') {
    const printer = structuredPrinter(context, format);
    if (!printer) throw unknownFormat(format);
    const chosen = wanted > 0 ? revisions.find(({ number }) => number === wanted) : revisions.at(-1);
    if (!chosen) throw new CommandError(`unable to find the specified revision`);
    printer(info.mapping.kind === 'Deployment' ? { apiVersion: 'apps/v1', kind: 'ReplicaSet', ...chosen.holder } : { ...info.object, spec: { ...fieldsAt(info.object, 'spec'), template: chosen.template } });
    return;
  }
  if (wanted > 0) {
    const chosen = revisions.find(({ number }) => number === wanted);
    if (!chosen) throw new CommandError('unable to find the specified revision');
    const w = new Writer();
    writePodTemplate(w, chosen.template);
    out(`${label} with revision #${wanted}\n${w.raw}\n`);
    return;
  }
  const rows = revisions.map(({ cause, number }) => `${number}\t${cause === '' ? '<none>' : cause}\n`).join('');
  out(`${label} \n${alignTabs(`REVISION\tCHANGE-CAUSE\n${rows}`, describeTabs)}\n`);
}

const resourceLabel = ({ mapping }: Info): string => resourceName({ resource: mapping.singular, group: mapping.group });

const common = (purpose: string) => [...fileFlags(purpose), ...printFlags(), selectorFlag];

function* each(context: Context, work: (info: Info) => Task<void>): Task<void> {
  if (context.args.length === 0 && !hasFiles(context)) throw new CommandError('required resource not specified');
  const { infos, errors } = yield* gatherInfos(context, { allowAll: true });
  const failures = [...errors];
  for (const info of infos) {
    try {
      yield* work(info);
    } catch (error) {
      failures.push(error);
    }
  }
  throwAll(failures);
}

/** kubectl rollout history */
export const history: Command = {
  name: 'history',
  short: 'View rollout history',
  use: '(TYPE NAME | TYPE/NAME) [flags]',
  flags: [...common('to look at'), flag('--revision=0', 'Show this revision in detail.', { bits: 64 })],
  *run(context) {
    if (context.flags.number('revision') < 0) throw new CommandError(`revision must be a positive integer: ${context.flags.number('revision')}`);
    yield* each(context, (info) => showHistory(context, info));
  },
};

function* rollBack(context: Context, info: Info): Task<void> {
  const { flags, out } = context;
  const { mapping, object } = info;
  const wanted = flags.number('to-revision');
  if (!['Deployment', 'DaemonSet', 'StatefulSet'].includes(mapping.kind)) throw new CommandError(`error retrieving rollbacker for ${JSON.stringify(mapping.kind)}, no visitor method exists for {${mapping.group} ${mapping.kind}}`);
  const revisions = yield* revisionsOf(context, info);
  if (textAt(object, 'metadata', 'annotations', lastAppliedAnnotation) !== '') {
    context.session.warn(`resource ${mapping.resource}/${info.name} was previously managed with 'kubectl apply'. Rolling back will not update the ${lastAppliedAnnotation} annotation, which may cause unexpected behavior on future 'kubectl apply' operations. Consider using 'kubectl apply' with your previous configuration file instead.`);
  }
  if (mapping.kind === 'Deployment' && at(object, 'spec', 'paused') === true && revisions.length > 1) throw new CommandError(`cannot rollback a paused deployment; resume it first with 'kubectl rollout resume' and try again`);
  if (revisions.length <= 1 && wanted === 0) throw new CommandError(mapping.kind === 'Deployment' ? `no rollout history found for deployment ${JSON.stringify(info.name)}` : 'no last revision to roll back to');
  const chosen = wanted > 0 ? revisions.find(({ number }) => number === wanted) : revisions.at(-2);
  if (!chosen?.template) throw new CommandError(`unable to find specified revision ${wanted} in history`);
  const operation = 'rolled back';
  if (dryRunOf(flags) === 'client') {
    const w = new Writer();
    writePodTemplate(w, chosen.template);
    if (outputFormat(flags) === '') out(`${resourceLabel(info)}/${info.name} ${w.raw} (dry run)\n`);
    else resultPrinter(context, operation)(object);
    return;
  }
  const template = withAt(fieldsAt(chosen.holder, 'spec', 'template') ?? chosen.template, ['metadata', 'labels', 'pod-template-hash'], undefined);
  if (mapping.kind === 'Deployment') {
    if (JSON.stringify(at(object, 'spec', 'template')) === JSON.stringify(template)) {
      resultPrinter(context, `skipped rollback (current template already matches revision ${chosen.number})`)(object);
      return;
    }
    const kept = ['kubectl.kubernetes.io/last-applied-configuration', 'deployment.kubernetes.io/revision', 'deployment.kubernetes.io/revision-history', 'deployment.kubernetes.io/desired-replicas', 'deployment.kubernetes.io/max-replicas', 'deprecated.deployment.rollback.to'];
    const annotations: Record<string, unknown> = {};
    const current = fieldsAt(object, 'metadata', 'annotations') ?? {};
    for (const key of kept) if (current[key] !== undefined) annotations[key] = current[key];
    for (const [key, value] of Object.entries(fieldsAt(chosen.holder, 'metadata', 'annotations') ?? {})) if (!kept.includes(key)) annotations[key] = value;
    yield* patchObject(context, mapping, info.namespace, info.name, 'application/json-patch+json', [
      { op: 'replace', path: '/spec/template', value: template },
      { op: 'replace', path: '/metadata/annotations', value: annotations },
    ]);
  } else yield* patchObject(context, mapping, info.namespace, info.name, 'application/strategic-merge-patch+json', at(chosen.holder, 'data'));
  resultPrinter(context, operation)(object);
}

/** kubectl rollout undo */
export const undo: Command = {
  name: 'undo',
  short: 'Undo a previous rollout',
  use: '(TYPE NAME | TYPE/NAME) [flags]',
  flags: [...common('to roll back'), dryRunFlag, flag('--to-revision=0', 'The revision to go back to; 0 is the one before.', { bits: 64 })],
  *run(context) {
    yield* each(context, (info) => rollBack(context, info));
  },
};
