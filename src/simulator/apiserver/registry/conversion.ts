import { apiVersionOf, deepFreeze, type KubeObject, type ResourceInfo } from '../../api';
import type { Task } from '../../kernel';
import type { Draft } from '../resources/definition';
import { eventToStored, eventFromStored } from './convert-event';
import { autoscalerFromStored, autoscalerToStored } from './convert-autoscaler';

/** Between the version that is asked for and the one that is stored. */
export interface Conversion {
  /** Makes the stored version of a draft, in place: at once, unless a webhook does. */
  toStored(draft: Draft): Task | void;
  /** The asked version of a stored object; the same object each time. Where there is `load`, only after that. */
  fromStored<T extends KubeObject>(object: T): T;
  /** Asks a webhook for what `fromStored` will give; again, if `fresh`, for what is known already. Throws a 500. */
  load?(objects: readonly KubeObject[], fresh?: boolean): Task;
  /** A mutable copy of a draft in the stored version, in the asked one; absent where both have the same fields. */
  asAsked?(draft: Draft): Draft;
}

type Step = (draft: Draft) => void;

const steps: Readonly<Record<string, readonly [Step, Step]>> = {
  HorizontalPodAutoscaler: [autoscalerToStored, autoscalerFromStored],
  Event: [eventToStored, eventFromStored],
};

/** The conversion of a resource whose objects are stored as another group's or version's; undefined where none is needed. */
export function conversionOf(info: ResourceInfo, storedGroup: string, storedVersion: string): Conversion | undefined {
  if (info.group === storedGroup && info.version === storedVersion) return undefined;
  const [toStored, fromStored] = steps[info.kind] ?? [() => undefined, () => undefined];
  const converted = new WeakMap<object, KubeObject>();
  return {
    asAsked(draft) {
      const copy = JSON.parse(JSON.stringify(draft)) as Draft;
      fromStored(copy);
      copy['apiVersion'] = apiVersionOf(info.group, info.version);
      return copy;
    },
    toStored(draft) {
      toStored(draft);
      draft['apiVersion'] = apiVersionOf(storedGroup, storedVersion);
    },
    fromStored<T extends KubeObject>(object: T): T {
      let made = converted.get(object) as T | undefined;
      if (made === undefined) {
        const draft = { ...object, metadata: { ...object.metadata } } as unknown as Draft;
        fromStored(draft);
        draft['apiVersion'] = apiVersionOf(info.group, info.version);
        made = deepFreeze(draft) as unknown as T;
        converted.set(object, made);
      }
      return made;
    },
  };
}
