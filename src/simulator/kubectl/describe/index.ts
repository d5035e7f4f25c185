import type { Task } from '../../kernel';
import type { Mapping } from '../api/mapper';
import type { Context } from '../command';
import { nameOf, namespaceOf, textAt, type Fields } from '../fields';
import { describeLimits, describeNamespace, describeNode, describeQuota } from './cluster';
import { describeBinding, describeConfigMap, describePriorityClass, describeRole, describeSecret, describeServiceAccount } from './config';
import type { Describer } from './describer';
import { eventsAbout, writeEvents } from './events';
import { describeGeneric } from './generic';
import { describeCronJob, describeJob } from './jobs';
import { describePod } from './pod';
import { describeAutoscaler, describeBudget, describeNetworkPolicy, describeSigningRequest } from './policies';
import { describeEndpoints, describeEndpointSlice, describeIngress, describeIngressClass, describeService } from './services';
import { describeClaim, describeCsiNode, describeStorageClass, describeVolume } from './storage';
import { describeDaemonSet, describeDeployment, describeReplicaSet, describeStatefulSet } from './workloads';

const describers: Readonly<Record<string, Describer>> = {
  'apps/DaemonSet': describeDaemonSet,
  'apps/Deployment': describeDeployment,
  'apps/ReplicaSet': describeReplicaSet,
  'apps/StatefulSet': describeStatefulSet,
  'autoscaling/HorizontalPodAutoscaler': describeAutoscaler,
  'batch/CronJob': describeCronJob,
  'batch/Job': describeJob,
  'certificates.k8s.io/CertificateSigningRequest': describeSigningRequest,
  'discovery.k8s.io/EndpointSlice': describeEndpointSlice,
  'networking.k8s.io/Ingress': describeIngress,
  'networking.k8s.io/IngressClass': describeIngressClass,
  'networking.k8s.io/NetworkPolicy': describeNetworkPolicy,
  'policy/PodDisruptionBudget': describeBudget,
  'rbac.authorization.k8s.io/ClusterRole': describeRole,
  'rbac.authorization.k8s.io/ClusterRoleBinding': describeBinding,
  'rbac.authorization.k8s.io/Role': describeRole,
  'rbac.authorization.k8s.io/RoleBinding': describeBinding,
  'scheduling.k8s.io/PriorityClass': describePriorityClass,
  'storage.k8s.io/CSINode': describeCsiNode,
  'storage.k8s.io/StorageClass': describeStorageClass,
  '/ConfigMap': describeConfigMap,
  '/Endpoints': describeEndpoints,
  '/LimitRange': describeLimits,
  '/Namespace': describeNamespace,
  '/Node': describeNode,
  '/PersistentVolume': describeVolume,
  '/PersistentVolumeClaim': describeClaim,
  '/Pod': describePod,
  '/ReplicationController': describeReplicaSet,
  '/ResourceQuota': describeQuota,
  '/Secret': describeSecret,
  '/Service': describeService,
  '/ServiceAccount': describeServiceAccount,
};

/** Kinds whose description has no events. */
const withoutEvents = new Set(['/Secret', '/Namespace', '/LimitRange', '/ResourceQuota', 'networking.k8s.io/NetworkPolicy', 'rbac.authorization.k8s.io/ClusterRole', 'rbac.authorization.k8s.io/ClusterRoleBinding', 'rbac.authorization.k8s.io/Role', 'rbac.authorization.k8s.io/RoleBinding']);

/** What kubectl describe says of an object. */
export function* describe(context: Context, mapping: Mapping, object: Fields, showEvents: boolean): Task<string> {
  const key = `${mapping.group}/${mapping.kind}`;
  const w = yield* (describers[key] ?? describeGeneric)(context, object);
  if (showEvents && !withoutEvents.has(key)) {
    const namespace = namespaceOf(object);
    const uid = key === '/Node' ? undefined : textAt(object, 'metadata', 'uid');
    const subject = { kind: mapping.kind, name: nameOf(object), ...(namespace !== '' && { namespace }), ...(uid !== undefined && { uid }) };
    let events = yield* eventsAbout(context, subject);
    if (key === '/Node') events = [...(yield* eventsAbout(context, { ...subject, uid: nameOf(object) })), ...(yield* eventsAbout(context, { ...subject, uid: textAt(object, 'metadata', 'uid') }))];
    if (key === 'scheduling.k8s.io/PriorityClass' || key === 'certificates.k8s.io/CertificateSigningRequest') {
      // The real one ends the block of columns here: its events are laid out on their own.
      const own = w.toString();
      w.clear();
      writeEvents(w, events, context.session.host.now());
      return `${own}${w.toString()}`;
    }
    writeEvents(w, events, context.session.host.now());
  }
  return w.toString();
}
