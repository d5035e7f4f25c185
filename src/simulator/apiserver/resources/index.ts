import { apiservices } from './apiregistration/services';
import { controllerrevisions } from './apps/controllerrevisions';
import { daemonsets } from './apps/daemonsets';
import { deployments } from './apps/deployments';
import { replicasets } from './apps/replicasets';
import { leases } from './coordination/leases';
import { configmaps } from './core/configmaps';
import { endpoints } from './core/endpoints';
import { namespaces } from './core/namespaces';
import { nodes } from './core/nodes';
import { pods } from './core/pods';
import { secrets } from './core/secrets';
import { serviceaccounts } from './core/serviceaccounts';
import { services } from './core/services';
import { definitionsByName, type ResourceDefinition } from './definition';
import { endpointslices } from './discovery/endpointslices';
import { coreEvents, events } from './events';
import { flowschemas, prioritylevelconfigurations } from './flowcontrol';
import { ipaddresses } from './networking/ipaddresses';
import { servicecidrs } from './networking/servicecidrs';
import { clusterrolebindings, rolebindings } from './rbac/bindings';
import { clusterroles, roles } from './rbac/roles';
import { priorityclasses } from './scheduling/classes';

const core = [configmaps, coreEvents, endpoints, namespaces, nodes, pods, secrets, serviceaccounts, services];
const workloads = [controllerrevisions, daemonsets, deployments, replicasets];
const network = [endpointslices, ipaddresses, servicecidrs];
const access = [clusterrolebindings, clusterroles, rolebindings, roles];
const server = [apiservices, events, flowschemas, leases, prioritylevelconfigurations];
const nodesAndDevices = [priorityclasses];

const byName = definitionsByName([...core, ...workloads, ...network, ...access, ...server, ...nodesAndDevices]);

/** What only this resource has: defaults, checks, strategy, cells. Those that every cluster begins with; ./software has the others. */
export const definitionFor = (group: string, resource: string): ResourceDefinition | undefined => byName.get(`${group}/${resource}`);
