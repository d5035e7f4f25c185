import type { DaemonSet, Deployment, ReplicaSet } from '../../api';
import { sameValue } from './equality';
import type { ResourceDefinition } from './definition';
import { podWarnings, templateWarnings, workloadNameWarnings } from './pod-spec/warnings';

type Warnings<T extends object> = (own: T, old: T | undefined) => string[];

const ofWorkload: Warnings<Deployment | ReplicaSet> = (own, old) => [...workloadNameWarnings(own, old), ...templateWarnings(own, own.spec?.template, old)];
const ofDaemonSet: Warnings<DaemonSet> = (own, old) => (sameValue(own.spec?.template, old?.spec?.template) ? [] : templateWarnings(own, own.spec?.template, undefined));

const byName: Readonly<Record<string, unknown>> = { '/pods': podWarnings, 'apps/deployments': ofWorkload, 'apps/replicasets': ofWorkload, 'apps/daemonsets': ofDaemonSet };

/** Warnings of the kinds that every cluster begins with and whose Pods are looked through: nobody reads them while it comes up. */
export const laterWarningsFor = (group: string, resource: string): ResourceDefinition['warnings'] => byName[`${group}/${resource}`] as ResourceDefinition['warnings'];
