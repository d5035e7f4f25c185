import { StatusError } from '../../api';
import type { Command, Context } from '../command';
import { CommandError, throwAll } from '../errors';
import type { Fields } from '../fields';
import { dryRunFlag, fieldManagerFlag, fileFlags, flag, printFlags, saveConfigFlag } from '../flags';
import { dryRunOf, resultPrinter } from '../print/printer';
import { asTyped } from '../print/typed';
import { gatherInfos, type Info } from '../resources/builder';
import { createObject, savedConfig } from '../resources/write';

const scalerMapping = { group: 'autoscaling', version: 'v2', resource: 'horizontalpodautoscalers', singular: 'horizontalpodautoscaler', kind: 'HorizontalPodAutoscaler', namespaced: true, shortNames: [], categories: [], verbs: [], subresources: [] } as const;

function metric(name: string, text: string): Fields[] {
  if (text === '') return [];
  const percent = /^(\d+)%$/.exec(text);
  if (percent) return [{ type: 'Resource', resource: { name, target: { type: 'Utilization', averageUtilization: Number(percent[1]) } } }];
  if (!/^\d+(\.\d+)?([numkMGTPE]|[KMGTPE]i)?$/.test(text)) throw new CommandError(`invalid resource ${name} value: ${text}`);
  return [{ type: 'Resource', resource: { name, target: { type: 'AverageValue', averageValue: text } } }];
}

function scalerOf({ flags }: Context, { mapping, name }: Info): Fields {
  if (!mapping.subresources.includes('scale')) throw new CommandError(`cannot autoscale a ${mapping.kind}: could not find scale subresource for ${mapping.group}/${mapping.version}, Resource=${mapping.resource} in discovery information`);
  const metrics = [...metric('cpu', flags.string('cpu')), ...metric('memory', flags.string('memory'))];
  const least = flags.number('min');
  return {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name: flags.string('name') || name },
    spec: {
      scaleTargetRef: { kind: mapping.kind, name, apiVersion: mapping.group === '' ? mapping.version : `${mapping.group}/${mapping.version}` },
      ...(least > 0 && { minReplicas: least }),
      maxReplicas: flags.number('max'),
      ...(metrics.length > 0 && { metrics }),
    },
    status: { desiredReplicas: 0, currentMetrics: null },
  };
}

/** kubectl autoscale */
export const autoscale: Command = {
  name: 'autoscale',
  short: 'Auto-scale a deployment, replica set, stateful set, or replication controller',
  use: '(-f FILENAME | TYPE NAME | TYPE/NAME) [--min=MINPODS] --max=MAXPODS [--cpu=CPU] [--memory=MEMORY]',
  flags: [
    flag("--cpu=''", 'Target of CPU: 50% of the request, or 500m.'),
    flag('--cpu-percent=-1', 'Target of CPU in percent of the request.', { hidden: true, bits: 32, deprecated: 'Use --cpu with percentage or resource quantity format (e.g., \'70%\' for utilization or \'500m\' for milliCPU).' }),
    dryRunFlag,
    fieldManagerFlag('kubectl-autoscale'),
    ...fileFlags('to scale'),
    flag('--max=-1', 'Most Pods.', { bits: 32, required: true }),
    flag("--memory=''", 'Target of memory: 60% of the request, or 200Mi.'),
    flag('--min=-1', 'Fewest Pods.', { bits: 32 }),
    flag("--name=''", 'Name of the autoscaler.'),
    ...printFlags(),
    saveConfigFlag,
  ],
  *run(context) {
    const { flags, session } = context;
    if (flags.number('max') < 1) throw new CommandError(`--max=MAXPODS is required and must be at least 1, max: ${flags.number('max')}`);
    if (flags.number('max') < flags.number('min')) throw new CommandError(`--max=MAXPODS must be larger or equal to --min=MINPODS, max: ${flags.number('max')}, min: ${flags.number('min')}`);
    if (flags.number('cpu-percent') > 0 && flags.string('cpu') === '') flags.preset('cpu', `${flags.number('cpu-percent')}%`);
    const { infos, errors } = yield* gatherInfos(context);
    throwAll(errors);
    for (const info of infos) {
      const made = scalerOf(context, info);
      const namespace = info.namespace ?? session.namespace;
      const placed = session.namespaceGiven ? { ...made, metadata: { ...(made['metadata'] as Fields), namespace } } : made;
      const print = resultPrinter(context, 'autoscaled');
      const object = savedConfig(context, asTyped(placed));
      if (dryRunOf(flags) === 'client') print(object);
      else {
        try {
          print(asTyped(yield* createObject(context, scalerMapping, namespace, object)));
        } catch (error) {
          if (error instanceof StatusError) throw new CommandError('failed to create autoscaling/v2 HPA and the configuration is incompatible with autoscaling/v1: empty input');
          throw error;
        }
      }
    }
  },
};
