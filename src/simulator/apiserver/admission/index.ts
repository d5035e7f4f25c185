import { namespaceLifecycle } from './namespace-lifecycle';
import type { AdmissionPlugin } from './plugin';
import { priority } from './priority';
import { serviceAccount } from './service-account';
import { defaultTolerationSeconds, podTopologyLabels, taintNodesByCondition } from './tolerations';

/** What plugins are written against. */
export type { AdmissionAttributes, AdmissionContext, AdmissionPlugin, AdmissionTarget, Operation } from './plugin';
export { Reinvocation } from './reinvocation';
export { AdmissionChain, type AdmissionSteps } from './chain';

/** Of the plugins that are on by default (./default.ts) those that have something to do while a cluster comes up, in their order. */
export const firstPlugins = (): AdmissionPlugin[] => [namespaceLifecycle, serviceAccount, taintNodesByCondition, priority, defaultTolerationSeconds, podTopologyLabels];
