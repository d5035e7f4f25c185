import type { ResourceDefinition } from './definition';
import { controllerrevisions } from './apps/controllerrevisions';
import { daemonsets } from './apps/daemonsets';
import { statefulsets } from './apps/statefulsets';
import { cronjobs } from './batch/cronjobs';
import { jobs } from './batch/jobs';
import { podtemplates } from './core/podtemplates';
import { replicationcontrollers } from './core/replicationcontrollers';
import { deployments } from './apps/deployments';
import { replicasets } from './apps/replicasets';
import { leases } from './coordination/leases';
import { configmaps } from './core/configmaps';
import { namespaces } from './core/namespaces';
import { pods } from './core/pods';
import { secrets } from './core/secrets';
import { serviceaccounts } from './core/serviceaccounts';
import { services } from './core/services';

/** All of them. */
export const definitions = [controllerrevisions, daemonsets, statefulsets, cronjobs, jobs, podtemplates, replicationcontrollers, pods, deployments, replicasets, leases, configmaps, namespaces, secrets, serviceaccounts, services] as const;
const byName = new Map<string, ResourceDefinition>();
for (const definition of definitions) byName.set(`${definition.group}/${definition.resource}`, definition as unknown as ResourceDefinition);

/** What only this resource has: defaults, checks, strategy, cells. Undefined where the schema says all. */
export const definitionFor = (group: string, resource: string): ResourceDefinition | undefined => byName.get(`${group}/${resource}`);
