import type { GroupVersionKind, GroupVersionResource } from '../api';

/** A resource with the kind of its objects. */
export interface Resource extends GroupVersionResource, GroupVersionKind {
  readonly namespaced: boolean;
}

const resource = (group: string, version: string, plural: string, kind: string, namespaced: boolean): Resource =>
  Object.freeze({ group, version, resource: plural, kind, namespaced });

/** Every resource that is built in, in its preferred version; `eventsV1` is the one of events.k8s.io. */
export const resources = {
  bindings: resource('', 'v1', 'bindings', 'Binding', true),
  componentstatuses: resource('', 'v1', 'componentstatuses', 'ComponentStatus', false),
  configmaps: resource('', 'v1', 'configmaps', 'ConfigMap', true),
  endpoints: resource('', 'v1', 'endpoints', 'Endpoints', true),
  events: resource('', 'v1', 'events', 'Event', true),
  limitranges: resource('', 'v1', 'limitranges', 'LimitRange', true),
  namespaces: resource('', 'v1', 'namespaces', 'Namespace', false),
  nodes: resource('', 'v1', 'nodes', 'Node', false),
  persistentvolumeclaims: resource('', 'v1', 'persistentvolumeclaims', 'PersistentVolumeClaim', true),
  persistentvolumes: resource('', 'v1', 'persistentvolumes', 'PersistentVolume', false),
  pods: resource('', 'v1', 'pods', 'Pod', true),
  podtemplates: resource('', 'v1', 'podtemplates', 'PodTemplate', true),
  replicationcontrollers: resource('', 'v1', 'replicationcontrollers', 'ReplicationController', true),
  resourcequotas: resource('', 'v1', 'resourcequotas', 'ResourceQuota', true),
  secrets: resource('', 'v1', 'secrets', 'Secret', true),
  serviceaccounts: resource('', 'v1', 'serviceaccounts', 'ServiceAccount', true),
  services: resource('', 'v1', 'services', 'Service', true),
  apiservices: resource('apiregistration.k8s.io', 'v1', 'apiservices', 'APIService', false),
  controllerrevisions: resource('apps', 'v1', 'controllerrevisions', 'ControllerRevision', true),
  daemonsets: resource('apps', 'v1', 'daemonsets', 'DaemonSet', true),
  deployments: resource('apps', 'v1', 'deployments', 'Deployment', true),
  replicasets: resource('apps', 'v1', 'replicasets', 'ReplicaSet', true),
  statefulsets: resource('apps', 'v1', 'statefulsets', 'StatefulSet', true),
  eventsV1: resource('events.k8s.io', 'v1', 'events', 'Event', true),
  selfsubjectreviews: resource('authentication.k8s.io', 'v1', 'selfsubjectreviews', 'SelfSubjectReview', false),
  tokenreviews: resource('authentication.k8s.io', 'v1', 'tokenreviews', 'TokenReview', false),
  localsubjectaccessreviews: resource('authorization.k8s.io', 'v1', 'localsubjectaccessreviews', 'LocalSubjectAccessReview', true),
  selfsubjectaccessreviews: resource('authorization.k8s.io', 'v1', 'selfsubjectaccessreviews', 'SelfSubjectAccessReview', false),
  selfsubjectrulesreviews: resource('authorization.k8s.io', 'v1', 'selfsubjectrulesreviews', 'SelfSubjectRulesReview', false),
  subjectaccessreviews: resource('authorization.k8s.io', 'v1', 'subjectaccessreviews', 'SubjectAccessReview', false),
  horizontalpodautoscalers: resource('autoscaling', 'v2', 'horizontalpodautoscalers', 'HorizontalPodAutoscaler', true),
  cronjobs: resource('batch', 'v1', 'cronjobs', 'CronJob', true),
  jobs: resource('batch', 'v1', 'jobs', 'Job', true),
  certificatesigningrequests: resource('certificates.k8s.io', 'v1', 'certificatesigningrequests', 'CertificateSigningRequest', false),
  ingressclasses: resource('networking.k8s.io', 'v1', 'ingressclasses', 'IngressClass', false),
  ingresses: resource('networking.k8s.io', 'v1', 'ingresses', 'Ingress', true),
  ipaddresses: resource('networking.k8s.io', 'v1', 'ipaddresses', 'IPAddress', false),
  networkpolicies: resource('networking.k8s.io', 'v1', 'networkpolicies', 'NetworkPolicy', true),
  servicecidrs: resource('networking.k8s.io', 'v1', 'servicecidrs', 'ServiceCIDR', false),
  poddisruptionbudgets: resource('policy', 'v1', 'poddisruptionbudgets', 'PodDisruptionBudget', true),
  clusterrolebindings: resource('rbac.authorization.k8s.io', 'v1', 'clusterrolebindings', 'ClusterRoleBinding', false),
  clusterroles: resource('rbac.authorization.k8s.io', 'v1', 'clusterroles', 'ClusterRole', false),
  rolebindings: resource('rbac.authorization.k8s.io', 'v1', 'rolebindings', 'RoleBinding', true),
  roles: resource('rbac.authorization.k8s.io', 'v1', 'roles', 'Role', true),
  csidrivers: resource('storage.k8s.io', 'v1', 'csidrivers', 'CSIDriver', false),
  csinodes: resource('storage.k8s.io', 'v1', 'csinodes', 'CSINode', false),
  csistoragecapacities: resource('storage.k8s.io', 'v1', 'csistoragecapacities', 'CSIStorageCapacity', true),
  storageclasses: resource('storage.k8s.io', 'v1', 'storageclasses', 'StorageClass', false),
  volumeattachments: resource('storage.k8s.io', 'v1', 'volumeattachments', 'VolumeAttachment', false),
  volumeattributesclasses: resource('storage.k8s.io', 'v1', 'volumeattributesclasses', 'VolumeAttributesClass', false),
  mutatingadmissionpolicies: resource('admissionregistration.k8s.io', 'v1', 'mutatingadmissionpolicies', 'MutatingAdmissionPolicy', false),
  mutatingadmissionpolicybindings: resource('admissionregistration.k8s.io', 'v1', 'mutatingadmissionpolicybindings', 'MutatingAdmissionPolicyBinding', false),
  mutatingwebhookconfigurations: resource('admissionregistration.k8s.io', 'v1', 'mutatingwebhookconfigurations', 'MutatingWebhookConfiguration', false),
  validatingadmissionpolicies: resource('admissionregistration.k8s.io', 'v1', 'validatingadmissionpolicies', 'ValidatingAdmissionPolicy', false),
  validatingadmissionpolicybindings: resource('admissionregistration.k8s.io', 'v1', 'validatingadmissionpolicybindings', 'ValidatingAdmissionPolicyBinding', false),
  validatingwebhookconfigurations: resource('admissionregistration.k8s.io', 'v1', 'validatingwebhookconfigurations', 'ValidatingWebhookConfiguration', false),
  customresourcedefinitions: resource('apiextensions.k8s.io', 'v1', 'customresourcedefinitions', 'CustomResourceDefinition', false),
  priorityclasses: resource('scheduling.k8s.io', 'v1', 'priorityclasses', 'PriorityClass', false),
  leases: resource('coordination.k8s.io', 'v1', 'leases', 'Lease', true),
  runtimeclasses: resource('node.k8s.io', 'v1', 'runtimeclasses', 'RuntimeClass', false),
  endpointslices: resource('discovery.k8s.io', 'v1', 'endpointslices', 'EndpointSlice', true),
  deviceclasses: resource('resource.k8s.io', 'v1', 'deviceclasses', 'DeviceClass', false),
  resourceclaims: resource('resource.k8s.io', 'v1', 'resourceclaims', 'ResourceClaim', true),
  resourceclaimtemplates: resource('resource.k8s.io', 'v1', 'resourceclaimtemplates', 'ResourceClaimTemplate', true),
  resourceslices: resource('resource.k8s.io', 'v1', 'resourceslices', 'ResourceSlice', false),
  flowschemas: resource('flowcontrol.apiserver.k8s.io', 'v1', 'flowschemas', 'FlowSchema', false),
  prioritylevelconfigurations: resource('flowcontrol.apiserver.k8s.io', 'v1', 'prioritylevelconfigurations', 'PriorityLevelConfiguration', false),
} as const;

/** The same, as a list. */
export const resourceList: readonly Resource[] = Object.values(resources);
