import { mutatingadmissionpolicies, mutatingadmissionpolicybindings, validatingadmissionpolicies, validatingadmissionpolicybindings } from './admissionregistration/policies';
import { mutatingwebhookconfigurations, validatingwebhookconfigurations } from './admissionregistration/webhooks';
import { customresourcedefinitions } from './apiextensions';
import { apiservices } from './apiregistration/services';
import { controllerrevisions } from './apps/controllerrevisions';
import { daemonsets } from './apps/daemonsets';
import { deployments } from './apps/deployments';
import { replicasets } from './apps/replicasets';
import { statefulsets } from './apps/statefulsets';
import { horizontalpodautoscalers } from './autoscaling/horizontalpodautoscalers';
import { cronjobs } from './batch/cronjobs';
import { jobs } from './batch/jobs';
import { certificatesigningrequests } from './certificates/requests';
import { leases } from './coordination/leases';
import { configmaps } from './core/configmaps';
import { endpoints } from './core/endpoints';
import { limitranges } from './core/limitranges';
import { namespaces } from './core/namespaces';
import { nodes } from './core/nodes';
import { persistentvolumeclaims } from './core/persistentvolumeclaims';
import { persistentvolumes } from './core/persistentvolumes';
import { pods } from './core/pods';
import { podtemplates } from './core/podtemplates';
import { replicationcontrollers } from './core/replicationcontrollers';
import { resourcequotas } from './core/resourcequotas';
import { secrets } from './core/secrets';
import { serviceaccounts } from './core/serviceaccounts';
import { services } from './core/services';
import type { ResourceDefinition } from './definition';
import { endpointslices } from './discovery/endpointslices';
import { coreEvents, events } from './events';
import { flowschemas, prioritylevelconfigurations } from './flowcontrol';
import { ingressclasses } from './networking/ingressclasses';
import { ingresses } from './networking/ingresses';
import { ipaddresses } from './networking/ipaddresses';
import { networkpolicies } from './networking/networkpolicies';
import { servicecidrs } from './networking/servicecidrs';
import { runtimeclasses } from './node/classes';
import { poddisruptionbudgets } from './policy/budgets';
import { clusterrolebindings, rolebindings } from './rbac/bindings';
import { clusterroles, roles } from './rbac/roles';
import { deviceclasses, resourceclaims, resourceclaimtemplates, resourceslices } from './resource';
import { priorityclasses } from './scheduling/classes';
import { volumeattachments } from './storage/attachments';
import { storageclasses, volumeattributesclasses } from './storage/classes';
import { csidrivers, csinodes, csistoragecapacities } from './storage/csi';

const core = [configmaps, coreEvents, endpoints, limitranges, namespaces, nodes, persistentvolumeclaims, persistentvolumes, pods, podtemplates, replicationcontrollers, resourcequotas, secrets, serviceaccounts, services];
const workloads = [controllerrevisions, cronjobs, daemonsets, deployments, horizontalpodautoscalers, jobs, poddisruptionbudgets, replicasets, statefulsets];
const network = [endpointslices, ingressclasses, ingresses, ipaddresses, networkpolicies, servicecidrs];
const storage = [csidrivers, csinodes, csistoragecapacities, storageclasses, volumeattachments, volumeattributesclasses];
const access = [certificatesigningrequests, clusterrolebindings, clusterroles, rolebindings, roles];
const server = [
  apiservices, customresourcedefinitions, events, flowschemas, leases, mutatingadmissionpolicies, mutatingadmissionpolicybindings, mutatingwebhookconfigurations, prioritylevelconfigurations, validatingadmissionpolicies,
  validatingadmissionpolicybindings, validatingwebhookconfigurations,
];
const nodesAndDevices = [deviceclasses, priorityclasses, resourceclaims, resourceclaimtemplates, resourceslices, runtimeclasses];

const byName = new Map<string, ResourceDefinition>();
for (const definition of [...core, ...workloads, ...network, ...storage, ...access, ...server, ...nodesAndDevices]) byName.set(`${definition.group}/${definition.resource}`, definition as unknown as ResourceDefinition);

/** What only this resource has: defaults, checks, strategy, cells. Undefined where the schema says all. */
export const definitionFor = (group: string, resource: string): ResourceDefinition | undefined => byName.get(`${group}/${resource}`);
