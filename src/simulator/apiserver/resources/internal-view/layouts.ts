/** Where the server's own struct differs from the versioned one. */
export interface Layout {
  /** JSON names in the order of the internal fields. */
  readonly order?: readonly string[];
  /** Fields that move into a struct: its name, and what of the parent's comes first in it. */
  readonly groups?: Readonly<Record<string, readonly string[]>>;
  /** Internal names that are not just capitalised. */
  readonly names?: Readonly<Record<string, string>>;
  /** Structs whose fields are the internal struct's own. */
  readonly inline?: readonly string[];
  /** Pointers in the versioned struct that are plain values inside. */
  readonly plain?: readonly string[];
}

const words = (text: string): readonly string[] => text.split(' ');

const layouts: Readonly<Record<string, Layout>> = {
  PodSpec: {
    order: words(
      'volumes initContainers containers ephemeralContainers restartPolicy terminationGracePeriodSeconds activeDeadlineSeconds dnsPolicy nodeSelector serviceAccountName automountServiceAccountToken nodeName securityContext ' +
        'imagePullSecrets hostname subdomain setHostnameAsFQDN affinity schedulerName tolerations hostAliases priorityClassName priority preemptionPolicy dnsConfig readinessGates runtimeClassName overhead enableServiceLinks ' +
        'topologySpreadConstraints os schedulingGates resourceClaims resources hostnameOverride schedulingGroup',
    ),
    groups: { securityContext: ['hostNetwork', 'hostPID', 'hostIPC', 'shareProcessNamespace', 'hostUsers'] },
  },
  PodSecurityContext: {
    order: words('seLinuxOptions windowsOptions runAsUser runAsGroup runAsNonRoot supplementalGroups supplementalGroupsPolicy fsGroup fsGroupChangePolicy sysctls seccompProfile appArmorProfile seLinuxChangePolicy'),
  },
  SecurityContext: {
    order: words('capabilities privileged seLinuxOptions windowsOptions runAsUser runAsGroup runAsNonRoot readOnlyRootFilesystem allowPrivilegeEscalation procMount seccompProfile appArmorProfile'),
  },
  Container: {
    order: words(
      'name image command args workingDir ports envFrom env resources resizePolicy restartPolicy restartPolicyRules volumeMounts volumeDevices livenessProbe readinessProbe startupProbe lifecycle ' +
        'terminationMessagePath terminationMessagePolicy imagePullPolicy securityContext stdin stdinOnce tty',
    ),
  },
  Volume: {
    order: words(
      'name hostPath emptyDir gcePersistentDisk awsElasticBlockStore gitRepo secret nfs iscsi glusterfs persistentVolumeClaim rbd quobyte flexVolume cinder cephfs flocker downwardAPI fc azureFile configMap vsphereVolume ' +
        'azureDisk photonPersistentDisk projected portworxVolume scaleIO storageos csi ephemeral image',
    ),
  },
  VolumeMount: { order: words('name readOnly recursiveReadOnly mountPath subPath mountPropagation subPathExpr') },
  ServiceAccountTokenProjection: { plain: ['expirationSeconds'] },
  HTTPGetAction: { order: words('path port host scheme httpHeaders') },
  HTTPHeader: {},
  GlusterfsVolumeSource: { names: { endpoints: 'EndpointsName' } },
  GlusterfsPersistentVolumeSource: { names: { endpoints: 'EndpointsName' } },
  RBDVolumeSource: { names: { monitors: 'CephMonitors', image: 'RBDImage', pool: 'RBDPool', user: 'RadosUser' } },
  RBDPersistentVolumeSource: { names: { monitors: 'CephMonitors', image: 'RBDImage', pool: 'RBDPool', user: 'RadosUser' } },
  ISCSIVolumeSource: { names: { iscsiInterface: 'ISCSIInterface', chapAuthDiscovery: 'DiscoveryCHAPAuth', chapAuthSession: 'SessionCHAPAuth' } },
  ISCSIPersistentVolumeSource: { names: { iscsiInterface: 'ISCSIInterface', chapAuthDiscovery: 'DiscoveryCHAPAuth', chapAuthSession: 'SessionCHAPAuth' } },
  ResourceRequirements: { order: words('limits requests claims') },
  PersistentVolumeClaimSpec: { order: words('accessModes selector resources volumeName storageClassName volumeMode dataSource dataSourceRef volumeAttributesClassName') },
  PodDNSConfigOption: {},
  PersistentVolumeSpec: {
    order: words(
      'capacity gcePersistentDisk awsElasticBlockStore hostPath glusterfs nfs rbd quobyte iscsi flexVolume cinder cephfs fc flocker azureFile vsphereVolume azureDisk photonPersistentDisk portworxVolume scaleIO local ' +
        'storageos csi accessModes claimRef persistentVolumeReclaimPolicy storageClassName mountOptions volumeMode nodeAffinity volumeAttributesClassName',
    ),
  },
};

const others: Readonly<Record<string, Layout>> = {
  'io.k8s.api.policy.v1.PodDisruptionBudgetSpec': { order: words('minAvailable selector maxUnavailable unhealthyPodEvictionPolicy') },
  'io.k8s.api.resource.v1.ResourceClaimTemplateSpec': { inline: ['metadata'] },
  'io.k8s.api.apps.v1.RollingUpdateDeployment': { plain: ['maxUnavailable', 'maxSurge'] },
  'io.k8s.api.apps.v1.RollingUpdateDaemonSet': { plain: ['maxUnavailable', 'maxSurge'] },
  'io.k8s.api.rbac.v1.RoleRef': { order: words('apiGroup kind name') },
};

const core = 'io.k8s.api.core.v1.';

/** The layout of a type, if the server's own struct has one of its own. */
export const layoutOf = (type: string): Layout | undefined => (type.startsWith(core) ? layouts[type.slice(core.length)] : others[type]);
