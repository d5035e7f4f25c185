import type { ResourceInfo } from '../../api';
import type { AdmissionPlugin, AdmissionStep, AdmissionTarget, Operation } from './plugin';

/** What admission does with requests of one kind: the steps of the plugins that they concern, in order. */
export interface AdmissionSteps {
  readonly mutating: readonly AdmissionStep[];
  readonly validating: readonly AdmissionStep[];
}

const stepsOf = (plugins: readonly AdmissionPlugin[], kind: 'mutate' | 'validate'): AdmissionStep[] =>
  plugins.flatMap((plugin) => (plugin[kind] ? [plugin[kind].bind(plugin)] : []));

/** The plugins of a server. Of which of them a request is a concern is found out once for its kind: most have none with most requests. */
export class AdmissionChain {
  private known = new WeakMap<ResourceInfo, Map<string, AdmissionSteps>>();

  constructor(private plugins: readonly AdmissionPlugin[]) {}

  /** From now on these are asked. */
  use(plugins: readonly AdmissionPlugin[]): void {
    this.plugins = plugins;
    this.known = new WeakMap();
  }

  /** The steps for requests of a kind. */
  stepsFor(operation: Operation, info: ResourceInfo, subresource: string): AdmissionSteps {
    let known = this.known.get(info);
    if (known === undefined) this.known.set(info, (known = new Map()));
    const key = subresource === '' ? operation : `${operation} ${subresource}`;
    let steps = known.get(key);
    if (steps === undefined) {
      const target: AdmissionTarget = { operation, group: info.group, resource: info.resource, subresource };
      const concerned = this.plugins.filter((plugin) => plugin.handles(target));
      steps = { mutating: stepsOf(concerned, 'mutate'), validating: stepsOf(concerned, 'validate') };
      known.set(key, steps);
    }
    return steps;
  }
}
