import type { FieldDocs } from './docs';

const old = (ko: string, en: string) => ({ ko: `${ko}의 볼륨입니다. 옛 방식이므로 새로 쓰지 말고 CSI 드라이버를 씁니다.`, en: `A volume of ${en}. The old way: use a CSI driver instead.` });

const inTree = {
  gcePersistentDisk: old('구글 클라우드', 'Google Cloud'),
  awsElasticBlockStore: old('AWS EBS', 'AWS EBS'),
  glusterfs: old('GlusterFS', 'GlusterFS'),
  rbd: old('Ceph RBD', 'Ceph RBD'),
  flexVolume: old('FlexVolume 드라이버', 'a FlexVolume driver'),
  cinder: old('오픈스택 Cinder', 'OpenStack Cinder'),
  cephfs: old('CephFS', 'CephFS'),
  flocker: old('Flocker', 'Flocker'),
  azureFile: old('Azure Files', 'Azure Files'),
  vsphereVolume: old('vSphere', 'vSphere'),
  quobyte: old('Quobyte', 'Quobyte'),
  azureDisk: old('Azure Disk', 'Azure Disk'),
  photonPersistentDisk: old('Photon', 'Photon'),
  portworxVolume: old('Portworx', 'Portworx'),
  scaleIO: old('ScaleIO', 'ScaleIO'),
  storageos: old('StorageOS', 'StorageOS'),
};

const readOnly = { ko: 'true이면 읽기만 할 수 있습니다.', en: 'If true, it can only be read.' };
const fsType = { ko: '볼륨의 파일 시스템입니다. 예: ext4', en: 'File system of the volume, such as ext4.' };
const defaultMode = { ko: '파일의 권한입니다. 기본은 0644입니다. YAML에서는 8진수로 적을 수 있습니다.', en: 'Permissions of the files; 0644 by default. YAML takes octal numbers.' };
const mode = { ko: '이 파일의 권한입니다. 비우면 볼륨의 defaultMode입니다.', en: 'Permissions of this file; the volume\'s defaultMode when left out.' };
const items = { ko: '파일로 만들 키와 경로입니다. 비우면 모든 키가 그 이름의 파일이 됩니다.', en: 'Which keys become files, and at which paths; all of them, by their names, when left out.' };
const optional = { ko: 'true이면 없어도 파드가 시작합니다.', en: 'If true, the Pod starts without it.' };
const capacity = { ko: '볼륨의 크기입니다.', en: 'Size of the volume.' };
const accessModes = { ko: '어떻게 마운트할 수 있는지입니다. ReadWriteOnce, ReadOnlyMany, ReadWriteMany, ReadWriteOncePod입니다.', en: 'How it can be mounted: ReadWriteOnce, ReadOnlyMany, ReadWriteMany or ReadWriteOncePod.' };
const volumeMode = { ko: '파일 시스템(Filesystem, 기본)으로 쓸지 블록 장치(Block)로 쓸지입니다.', en: 'Filesystem (the default) or Block.' };
const attributesClass = { ko: '성능 같은 속성을 정하는 VolumeAttributesClass의 이름입니다.', en: 'Name of the VolumeAttributesClass that sets attributes such as speed.' };
const mountOptions = { ko: '마운트할 때의 옵션입니다. 옳은지 확인하지 않으며, 틀리면 마운트가 실패합니다.', en: 'Options of the mount. Not checked: a wrong one makes the mount fail.' };

/** Volumes of Pods, and the storage behind them. */
export const volumes = {
  Volume: {
    '': { ko: '파드의 컨테이너가 마운트할 수 있는 볼륨입니다. 이름과 종류 하나를 적습니다.', en: 'A volume that the Pod\'s containers can mount: a name and exactly one kind.' },
    name: { ko: '볼륨의 이름입니다. volumeMounts에서 이 이름으로 부릅니다.', en: 'The volume\'s name, by which volumeMounts refer to it.' },
    emptyDir: { ko: '빈 폴더입니다. 파드가 노드에 놓일 때 만들어지고 파드와 함께 사라집니다.', en: 'An empty folder: made when the Pod is placed on a node, gone when the Pod goes.' },
    hostPath: { ko: '노드의 파일이나 폴더입니다. 노드의 것을 건드리므로 조심해야 합니다.', en: 'A file or folder of the node. Handle with care: it reaches into the node itself.' },
    configMap: { ko: '컨피그맵의 키를 파일로 보입니다. 컨피그맵이 바뀌면 잠시 뒤 파일도 바뀝니다.', en: 'Shows a ConfigMap\'s keys as files, which follow its changes after a while.' },
    secret: { ko: '시크릿의 키를 파일로 보입니다. 메모리에만 있습니다.', en: 'Shows a Secret\'s keys as files, kept in memory only.' },
    downwardAPI: { ko: '파드 자신의 필드를 파일로 보입니다.', en: 'Shows fields of the Pod itself as files.' },
    projected: { ko: '여러 출처를 한 폴더에 모아 보입니다.', en: 'Several sources in one folder.' },
    persistentVolumeClaim: { ko: '같은 네임스페이스의 PVC가 얻은 저장 공간입니다.', en: 'Storage that a claim in the same namespace has obtained.' },
    ephemeral: { ko: '파드와 함께 만들고 지우는 PVC입니다.', en: 'A claim that is made and deleted with the Pod.' },
    image: { ko: '이미지의 파일을 읽기 전용으로 보입니다.', en: 'Shows the files of an image, read-only.' },
    nfs: { ko: 'NFS 서버의 폴더입니다.', en: 'A folder of an NFS server.' },
    iscsi: { ko: 'iSCSI 디스크입니다.', en: 'An iSCSI disk.' },
    fc: { ko: '파이버 채널 디스크입니다.', en: 'A Fibre Channel disk.' },
    csi: { ko: 'CSI 드라이버가 파드와 함께 만드는 볼륨입니다.', en: 'A volume that a CSI driver makes together with the Pod.' },
    gitRepo: { ko: '더는 쓸 수 없습니다. 초기화 컨테이너로 받아 emptyDir에 둡니다.', en: 'No longer available: clone into an emptyDir with an init container.' },
    ...inTree,
  },
  EmptyDirVolumeSource: {
    '': { ko: '파드와 수명이 같은 빈 폴더입니다.', en: 'An empty folder that lives as long as the Pod.' },
    medium: { ko: '비우면 노드의 디스크, Memory이면 메모리(tmpfs)에 둡니다.', en: 'The node\'s disk when empty; Memory for tmpfs.' },
    sizeLimit: { ko: '쓸 수 있는 크기입니다. 넘으면 파드가 축출됩니다.', en: 'How large it may grow. Beyond that the Pod is evicted.' },
  },
  HostPathVolumeSource: {
    '': { ko: '노드의 파일이나 폴더입니다.', en: 'A file or folder of the node.' },
    path: { ko: '노드에서의 경로입니다.', en: 'Path on the node.' },
    type: { ko: '무엇이어야 하는지입니다. 예: Directory, DirectoryOrCreate, File. 비우면 확인하지 않습니다.', en: 'What it has to be, such as Directory, DirectoryOrCreate or File; not checked when empty.' },
  },
  ConfigMapVolumeSource: {
    '': { ko: '컨피그맵을 파일로 보이는 볼륨입니다.', en: 'A ConfigMap as files.' },
    name: { ko: '컨피그맵의 이름입니다.', en: 'Name of the ConfigMap.' }, items, defaultMode, optional,
  },
  SecretVolumeSource: {
    '': { ko: '시크릿을 파일로 보이는 볼륨입니다.', en: 'A Secret as files.' },
    secretName: { ko: '시크릿의 이름입니다.', en: 'Name of the Secret.' }, items, defaultMode, optional,
  },
  KeyToPath: {
    '': { ko: '키 하나를 어느 파일로 만들지 정합니다.', en: 'Which file a key becomes.' },
    key: { ko: '파일로 만들 키입니다.', en: 'The key.' },
    path: { ko: '볼륨 안에서 파일의 상대 경로입니다.', en: 'Path of the file within the volume.' }, mode,
  },
  DownwardAPIVolumeSource: {
    '': { ko: '파드의 필드를 파일로 보이는 볼륨입니다.', en: 'Fields of the Pod as files.' },
    items: { ko: '만들 파일입니다.', en: 'The files to make.' }, defaultMode,
  },
  DownwardAPIVolumeFile: {
    '': { ko: '파드의 필드가 담긴 파일 하나입니다.', en: 'A file with a field of the Pod.' },
    path: { ko: '볼륨 안에서 파일의 상대 경로입니다.', en: 'Path of the file within the volume.' },
    fieldRef: { ko: '담을 파드의 필드입니다.', en: 'The Pod\'s field that it holds.' },
    resourceFieldRef: { ko: '담을 컨테이너의 리소스 값입니다.', en: 'The container\'s resource value that it holds.' }, mode,
  },
  ProjectedVolumeSource: {
    '': { ko: '여러 출처를 한 폴더에 모은 볼륨입니다.', en: 'Several sources in one folder.' },
    sources: { ko: '모을 출처입니다.', en: 'The sources.' }, defaultMode,
  },
  VolumeProjection: {
    '': { ko: '한 폴더에 모을 출처 하나입니다.', en: 'One source.' },
    secret: { ko: '시크릿의 키입니다.', en: 'Keys of a Secret.' },
    configMap: { ko: '컨피그맵의 키입니다.', en: 'Keys of a ConfigMap.' },
    downwardAPI: { ko: '파드의 필드입니다.', en: 'Fields of the Pod.' },
    serviceAccountToken: { ko: '서비스어카운트의 토큰입니다. 만료되기 전에 새것으로 바뀝니다.', en: 'A token of the ServiceAccount, renewed before it expires.' },
    clusterTrustBundle: { ko: '믿을 인증서의 묶음입니다.', en: 'Certificates to trust.' },
    podCertificate: { ko: '파드를 위해 발급받은 인증서와 키입니다.', en: 'A certificate and key issued for the Pod.' },
  },
  SecretProjection: { '': { ko: '시크릿의 키입니다.', en: 'Keys of a Secret.' }, name: { ko: '시크릿의 이름입니다.', en: 'Name of the Secret.' }, items, optional },
  ConfigMapProjection: { '': { ko: '컨피그맵의 키입니다.', en: 'Keys of a ConfigMap.' }, name: { ko: '컨피그맵의 이름입니다.', en: 'Name of the ConfigMap.' }, items, optional },
  DownwardAPIProjection: { '': { ko: '파드의 필드입니다.', en: 'Fields of the Pod.' }, items: { ko: '만들 파일입니다.', en: 'The files to make.' } },
  ServiceAccountTokenProjection: {
    '': { ko: '서비스어카운트의 토큰 파일입니다.', en: 'A file with a ServiceAccount token.' },
    audience: { ko: '토큰을 받을 상대입니다. 비우면 API 서버입니다.', en: 'Whom the token is for; the API server when empty.' },
    expirationSeconds: { ko: '토큰의 수명(초)입니다. 기본은 3600초, 적어도 600초입니다.', en: 'Life of the token in seconds: 3600 by default, at least 600.' },
    path: { ko: '볼륨 안에서 파일의 상대 경로입니다.', en: 'Path of the file within the volume.' },
  },
  ClusterTrustBundleProjection: {
    '': { ko: '믿을 인증서의 파일입니다.', en: 'A file of certificates to trust.' },
    name: { ko: 'ClusterTrustBundle의 이름입니다.', en: 'Name of a ClusterTrustBundle.' },
    signerName: { ko: '이 서명자의 것을 모두 고릅니다.', en: 'Takes all of this signer.' },
    labelSelector: { ko: '서명자의 것 가운데 레이블로 고릅니다.', en: 'Of the signer\'s, selects by label.' }, optional,
    path: { ko: '볼륨 안에서 파일의 상대 경로입니다.', en: 'Path of the file within the volume.' },
  },
  PodCertificateProjection: {
    '': { ko: '파드를 위해 발급받는 인증서입니다.', en: 'A certificate issued for the Pod.' },
    signerName: { ko: '발급할 서명자입니다.', en: 'The signer that issues it.' },
    keyType: { ko: '만들 키의 종류입니다. 예: ED25519', en: 'Kind of key to make, such as ED25519.' },
    maxExpirationSeconds: { ko: '인증서의 가장 긴 수명(초)입니다.', en: 'Longest life of the certificate in seconds.' },
    credentialBundlePath: { ko: '키와 인증서를 함께 담을 파일입니다.', en: 'File for key and certificates together.' },
    keyPath: { ko: '키를 담을 파일입니다.', en: 'File for the key.' },
    certificateChainPath: { ko: '인증서를 담을 파일입니다.', en: 'File for the certificates.' },
    userAnnotations: { ko: '서명자에게 건넬 값입니다.', en: 'Values handed to the signer.' },
  },
  PersistentVolumeClaimVolumeSource: {
    '': { ko: 'PVC가 얻은 저장 공간입니다.', en: 'Storage obtained by a claim.' },
    claimName: { ko: '같은 네임스페이스의 PVC의 이름입니다.', en: 'Name of a claim in the same namespace.' }, readOnly,
  },
  EphemeralVolumeSource: {
    '': { ko: '파드와 수명이 같은 PVC입니다.', en: 'A claim that lives as long as the Pod.' },
    volumeClaimTemplate: { ko: '만들 PVC의 틀입니다.', en: 'What the claim is made from.' },
  },
  PersistentVolumeClaimTemplate: {
    '': { ko: 'PVC를 만들 틀입니다.', en: 'What a claim is made from.' },
    metadata: { ko: '만들 PVC의 레이블과 어노테이션입니다.', en: 'Labels and annotations of the claim.' },
    spec: { ko: '만들 PVC의 명세입니다.', en: 'Spec of the claim.' },
  },
  ImageVolumeSource: {
    '': { ko: '이미지의 파일을 보이는 볼륨입니다.', en: 'The files of an image.' },
    reference: { ko: '이미지의 이름입니다.', en: 'The image.' },
    pullPolicy: { ko: 'Always, IfNotPresent, Never 가운데 하나입니다.', en: 'Always, IfNotPresent or Never.' },
  },
  NFSVolumeSource: {
    '': { ko: 'NFS 서버의 폴더입니다.', en: 'A folder of an NFS server.' },
    server: { ko: '서버의 주소입니다.', en: 'Address of the server.' },
    path: { ko: '서버가 내보내는 경로입니다.', en: 'Path that the server exports.' }, readOnly,
  },
  FCVolumeSource: {
    '': { ko: '파이버 채널 디스크입니다.', en: 'A Fibre Channel disk.' },
    targetWWNs: { ko: '대상의 WWN입니다.', en: 'World wide names of the target.' },
    lun: { ko: '대상의 LUN입니다.', en: 'LUN of the target.' },
    wwids: { ko: '볼륨의 WWID입니다.', en: 'World wide identifiers of the volume.' }, fsType, readOnly,
  },
  CSIVolumeSource: {
    '': { ko: 'CSI 드라이버가 파드와 함께 만드는 볼륨입니다.', en: 'A volume made by a CSI driver together with the Pod.' },
    driver: { ko: '드라이버의 이름입니다.', en: 'Name of the driver.' },
    volumeAttributes: { ko: '드라이버에 건넬 값입니다.', en: 'Values handed to the driver.' },
    nodePublishSecretRef: { ko: '드라이버에 건넬 시크릿입니다.', en: 'Secret handed to the driver.' }, fsType, readOnly,
  },
  PersistentVolume: { '': { ko: '클러스터에 있는 저장 공간 하나입니다. 네임스페이스에 속하지 않습니다.', en: 'A piece of storage in the cluster, in no namespace.' } },
  PersistentVolumeSpec: {
    '': { ko: '퍼시스턴트볼륨의 명세입니다.', en: 'What is wanted of a persistent volume.' }, capacity, accessModes, volumeMode,
    claimRef: { ko: '이 볼륨을 차지한 PVC입니다.', en: 'The claim that has it.' },
    persistentVolumeReclaimPolicy: { ko: 'PVC가 지워지면 남길지(Retain), 지울지(Delete) 정합니다.', en: 'When the claim goes: Retain keeps the volume, Delete removes it.' },
    storageClassName: { ko: '속한 스토리지클래스입니다. 같은 클래스의 PVC와만 묶입니다.', en: 'Its StorageClass: only claims of the same class get it.' }, mountOptions,
    nodeAffinity: { ko: '이 볼륨을 쓸 수 있는 노드입니다.', en: 'Nodes that can use it.' },
    volumeAttributesClassName: attributesClass,
    hostPath: { ko: '노드의 폴더입니다. 시험할 때만 씁니다.', en: 'A folder of the node; for trying things out only.' },
    local: { ko: '한 노드에 붙은 디스크입니다.', en: 'A disk of one node.' },
    nfs: { ko: 'NFS 서버의 폴더입니다.', en: 'A folder of an NFS server.' },
    iscsi: { ko: 'iSCSI 디스크입니다.', en: 'An iSCSI disk.' },
    fc: { ko: '파이버 채널 디스크입니다.', en: 'A Fibre Channel disk.' },
    csi: { ko: 'CSI 드라이버의 볼륨입니다.', en: 'A volume of a CSI driver.' },
    ...inTree,
  },
  LocalVolumeSource: { '': { ko: '한 노드에 붙은 디스크입니다.', en: 'A disk of one node.' }, path: { ko: '노드에서의 경로입니다.', en: 'Path on the node.' }, fsType },
  CSIPersistentVolumeSource: {
    '': { ko: 'CSI 드라이버의 볼륨입니다.', en: 'A volume of a CSI driver.' },
    driver: { ko: '드라이버의 이름입니다.', en: 'Name of the driver.' },
    volumeHandle: { ko: '드라이버가 볼륨을 부르는 이름입니다.', en: 'What the driver calls the volume.' }, readOnly, fsType,
    volumeAttributes: { ko: '드라이버에 건넬 값입니다.', en: 'Values handed to the driver.' },
    controllerPublishSecretRef: { ko: '노드에 붙일 때 쓸 시크릿입니다.', en: 'Secret for attaching it to a node.' },
    nodeStageSecretRef: { ko: '노드에서 준비할 때 쓸 시크릿입니다.', en: 'Secret for staging it on the node.' },
    nodePublishSecretRef: { ko: '파드에 마운트할 때 쓸 시크릿입니다.', en: 'Secret for mounting it into a Pod.' },
    controllerExpandSecretRef: { ko: '볼륨을 늘릴 때 쓸 시크릿입니다.', en: 'Secret for growing the volume.' },
    nodeExpandSecretRef: { ko: '노드에서 파일 시스템을 늘릴 때 쓸 시크릿입니다.', en: 'Secret for growing the file system on the node.' },
  },
  VolumeNodeAffinity: { '': { ko: '볼륨을 쓸 수 있는 노드입니다.', en: 'Nodes that can use a volume.' }, required: { ko: '꼭 지켜야 하는 조건입니다.', en: 'A condition that has to hold.' } },
  PersistentVolumeStatus: {
    '': { ko: '퍼시스턴트볼륨의 지금 상태입니다.', en: 'The state of a persistent volume.' },
    phase: { ko: 'Pending, Available, Bound, Released, Failed 가운데 하나입니다.', en: 'Pending, Available, Bound, Released or Failed.' },
    message: { ko: '사람이 읽을 설명입니다.', en: 'A description for people.' },
    reason: { ko: '실패한 까닭을 나타내는 한 낱말입니다.', en: 'Why it failed, in one word.' },
    lastPhaseTransitionTime: { ko: 'phase가 마지막으로 바뀐 시각입니다.', en: 'When the phase last changed.' },
  },
  PersistentVolumeClaim: { '': { ko: '저장 공간을 달라는 요청입니다. 맞는 퍼시스턴트볼륨과 묶입니다.', en: 'A request for storage, bound to a persistent volume that fits.' } },
  PersistentVolumeClaimSpec: {
    '': { ko: 'PVC의 명세입니다.', en: 'What is wanted by a claim.' }, accessModes, volumeMode,
    selector: { ko: '묶일 볼륨을 레이블로 고릅니다.', en: 'Selects volumes by label.' },
    resources: { ko: '필요한 크기입니다. requests.storage에 적습니다.', en: 'The size needed, under requests.storage.' },
    volumeName: { ko: '묶인 볼륨의 이름입니다.', en: 'Name of the volume that it is bound to.' },
    storageClassName: { ko: '볼륨을 만들 스토리지클래스입니다. 비우면 기본 클래스, ""이면 클래스 없는 볼륨입니다.', en: 'The StorageClass to get it from: the default one when left out, none for "".' },
    dataSource: { ko: '처음에 채울 내용입니다. 스냅숏이나 다른 PVC입니다.', en: 'What it starts with: a snapshot or another claim.' },
    dataSourceRef: { ko: '처음에 채울 내용입니다. 다른 네임스페이스도 가리킬 수 있습니다.', en: 'What it starts with; may point to another namespace.' },
    volumeAttributesClassName: attributesClass,
  },
  VolumeResourceRequirements: {
    '': { ko: '필요한 저장 공간입니다.', en: 'Storage needed.' },
    requests: { ko: '적어도 필요한 크기입니다.', en: 'The least that is needed.' },
    limits: { ko: '가장 큰 크기입니다.', en: 'The most that is wanted.' },
  },
  PersistentVolumeClaimStatus: {
    '': { ko: 'PVC의 지금 상태입니다.', en: 'The state of a claim.' },
    phase: { ko: 'Pending, Bound, Lost 가운데 하나입니다.', en: 'Pending, Bound or Lost.' }, accessModes, capacity,
    conditions: { ko: '크기를 바꾸는 일 같은 조건입니다.', en: 'Conditions, such as a resize under way.' },
    allocatedResources: { ko: '할당된 크기입니다.', en: 'The size allocated.' },
    allocatedResourceStatuses: { ko: '크기를 바꾸는 일이 어디까지 왔는지입니다.', en: 'How far a resize has come.' },
    currentVolumeAttributesClassName: { ko: '지금 적용된 VolumeAttributesClass입니다.', en: 'The VolumeAttributesClass in force.' },
    modifyVolumeStatus: { ko: '속성을 바꾸는 일이 어디까지 왔는지입니다.', en: 'How far a change of attributes has come.' },
  },
  ModifyVolumeStatus: {
    '': { ko: '속성을 바꾸는 일의 상태입니다.', en: 'State of a change of attributes.' },
    targetVolumeAttributesClassName: { ko: '바꾸려는 VolumeAttributesClass입니다.', en: 'The VolumeAttributesClass to come.' },
    status: { ko: 'Pending, InProgress, Infeasible 가운데 하나입니다.', en: 'Pending, InProgress or Infeasible.' },
  },
  StorageClass: {
    '': { ko: '저장 공간의 종류입니다. PVC가 부르면 볼륨을 만듭니다.', en: 'A kind of storage: makes volumes for claims that name it.' },
    provisioner: { ko: '볼륨을 만들 드라이버의 이름입니다.', en: 'Name of the driver that makes the volumes.' },
    parameters: { ko: '드라이버에 건넬 값입니다.', en: 'Values handed to the driver.' },
    reclaimPolicy: { ko: '만든 볼륨을 PVC와 함께 지울지(Delete, 기본) 남길지(Retain)입니다.', en: 'Delete (the default) volumes with their claims, or Retain them.' }, mountOptions,
    allowVolumeExpansion: { ko: 'true이면 PVC의 크기를 늘릴 수 있습니다.', en: 'If true, claims can be made larger.' },
    volumeBindingMode: { ko: '곧바로 만들지(Immediate), 파드가 놓일 때까지 기다릴지(WaitForFirstConsumer) 정합니다.', en: 'Immediate, or WaitForFirstConsumer to wait until a Pod is placed.' },
    allowedTopologies: { ko: '볼륨을 만들 수 있는 곳입니다.', en: 'Where volumes can be made.' },
  },
  TopologySelectorTerm: { '': { ko: '곳을 고르는 조건입니다.', en: 'A condition that selects places.' }, matchLabelExpressions: { ko: '노드의 레이블에 거는 조건입니다.', en: 'Conditions on nodes\' labels.' } },
  TopologySelectorLabelRequirement: { '': { ko: '레이블 하나에 거는 조건입니다.', en: 'A condition on one label.' }, key: { ko: '레이블의 키입니다.', en: 'The label\'s key.' }, values: { ko: '값이 이 가운데 하나여야 합니다.', en: 'The value has to be one of these.' } },
} as const satisfies FieldDocs;
