import { mutatingadmissionpolicies, mutatingadmissionpolicybindings, validatingadmissionpolicies, validatingadmissionpolicybindings } from './admissionregistration/policies';
import { mutatingwebhookconfigurations, validatingwebhookconfigurations } from './admissionregistration/webhooks';
import { customresourcedefinitions } from './apiextensions';
import { statefulsets } from './apps/statefulsets';
import { horizontalpodautoscalers } from './autoscaling/horizontalpodautoscalers';
import { cronjobs } from './batch/cronjobs';
import { jobs } from './batch/jobs';
import { certificatesigningrequests } from './certificates/requests';
import { limitranges } from './core/limitranges';
import { persistentvolumeclaims } from './core/persistentvolumeclaims';
import { persistentvolumes } from './core/persistentvolumes';
import { podtemplates } from './core/podtemplates';
import { replicationcontrollers } from './core/replicationcontrollers';
import { resourcequotas } from './core/resourcequotas';
import { definitionsByName, type ResourceDefinition } from './definition';
import { ingressclasses } from './networking/ingressclasses';
import { ingresses } from './networking/ingresses';
import { networkpolicies } from './networking/networkpolicies';
import { runtimeclasses } from './node/classes';
import { poddisruptionbudgets } from './policy/budgets';
import { deviceclasses, resourceclaims, resourceclaimtemplates, resourceslices } from './resource';
import { volumeattachments } from './storage/attachments';
import { storageclasses, volumeattributesclasses } from './storage/classes';
import { csidrivers, csinodes, csistoragecapacities } from './storage/csi';
import { definitionFor } from './index';

const core = [limitranges, persistentvolumeclaims, persistentvolumes, podtemplates, replicationcontrollers, resourcequotas];
const workloads = [cronjobs, horizontalpodautoscalers, jobs, poddisruptionbudgets, statefulsets];
const network = [ingressclasses, ingresses, networkpolicies];
const storage = [csidrivers, csinodes, csistoragecapacities, storageclasses, volumeattachments, volumeattributesclasses];
const access = [certificatesigningrequests];
const server = [customresourcedefinitions, mutatingadmissionpolicies, mutatingadmissionpolicybindings, mutatingwebhookconfigurations, validatingadmissionpolicies, validatingadmissionpolicybindings, validatingwebhookconfigurations];
const nodesAndDevices = [deviceclasses, resourceclaims, resourceclaimtemplates, resourceslices, runtimeclasses];

const byName = definitionsByName([...core, ...workloads, ...network, ...storage, ...access, ...server, ...nodesAndDevices]);

/** What only this resource has, of those that no cluster begins with. Undefined where the schema says all. */
export const laterDefinitionFor = (group: string, resource: string): ResourceDefinition | undefined => byName.get(`${group}/${resource}`);

/** What only this resource has, whichever it is. */
export const anyDefinitionFor = (group: string, resource: string): ResourceDefinition | undefined => definitionFor(group, resource) ?? laterDefinitionFor(group, resource);
