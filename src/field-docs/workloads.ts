import type { FieldDocs } from './docs';

const selector = { ko: '관리할 파드를 고르는 셀렉터입니다. 틀의 레이블과 맞아야 하고 나중에 바꿀 수 없습니다.', en: 'Selects the Pods it manages. Has to match the template\'s labels; fixed once created.' };
const template = { ko: '만들 파드의 틀입니다.', en: 'What its Pods are made from.' };
const replicas = { ko: '돌고 있어야 할 파드의 수입니다. 기본은 1입니다.', en: 'How many Pods there should be; 1 by default.' };
const minReadySeconds = { ko: '새 파드가 이만큼(초) Ready여야 쓸 수 있는 것으로 봅니다. 기본은 0입니다.', en: 'Seconds that a new Pod has to be Ready to count as available; 0 by default.' };
const observedGeneration = { ko: '컨트롤러가 마지막으로 본 metadata.generation입니다.', en: 'The metadata.generation that the controller has seen.' };
const conditions = { ko: '지금 상태를 나타내는 조건입니다.', en: 'Conditions of its present state.' };
const collisionCount = { ko: '이름이 겹친 횟수입니다. 겹치면 다른 이름을 만듭니다.', en: 'How often a generated name was taken already.' };
const counted = (ko: string, en: string) => ({ ko: `${ko} 파드의 수입니다.`, en: `Number of Pods ${en}.` });
const maxSurge = { ko: '바꾸는 동안 더 만들 수 있는 파드의 수나 비율입니다.', en: 'How many Pods, or what share, may be there in addition during an update.' };
const maxUnavailable = { ko: '바꾸는 동안 모자라도 되는 파드의 수나 비율입니다.', en: 'How many Pods, or what share, may be missing during an update.' };
const revisionHistoryLimit = { ko: '되돌릴 수 있도록 남겨 둘 옛 버전의 수입니다. 기본은 10입니다.', en: 'How many old revisions are kept for a rollback; 10 by default.' };

/** Controllers of Pods. */
export const workloads = {
  Deployment: { '': { ko: '같은 파드 여러 개를 유지하고, 새 버전으로 차례차례 바꿉니다. 그 일은 레플리카셋에 맡깁니다.', en: 'Keeps a number of equal Pods and moves them to new versions step by step, by way of ReplicaSets.' } },
  DeploymentSpec: {
    '': { ko: '디플로이먼트의 명세입니다.', en: 'What is wanted of a Deployment.' }, replicas, selector, template,
    strategy: { ko: '새 버전으로 바꾸는 방법입니다.', en: 'How new versions take the place of old ones.' }, minReadySeconds, revisionHistoryLimit,
    paused: { ko: 'true이면 틀을 바꾸어도 새 버전으로 넘어가지 않습니다.', en: 'If true, changes of the template are not rolled out.' },
    progressDeadlineSeconds: { ko: '이 시간(초) 동안 나아가지 못하면 실패로 봅니다. 기본은 600초입니다.', en: 'Seconds without progress after which a rollout counts as failed; 600 by default.' },
  },
  DeploymentStrategy: {
    '': { ko: '방식과 그 설정입니다.', en: 'A way to do it, and its settings.' },
    type: { ko: 'RollingUpdate(기본)는 조금씩, Recreate는 모두 지운 뒤 새로 만듭니다.', en: 'RollingUpdate (the default) goes bit by bit, Recreate deletes all first.' },
    rollingUpdate: { ko: '조금씩 바꿀 때의 설정입니다.', en: 'Settings of a rolling update.' },
  },
  RollingUpdateDeployment: { '': { ko: '조금씩 바꿀 때의 설정입니다. 기본은 둘 다 25%입니다.', en: 'Settings of a rolling update; both are 25% by default.' }, maxUnavailable, maxSurge },
  DeploymentStatus: {
    '': { ko: '디플로이먼트의 지금 상태입니다.', en: 'The state of a Deployment.' }, observedGeneration,
    replicas: counted('지금 있는', 'that there are'), updatedReplicas: counted('새 버전의', 'of the new version'), readyReplicas: counted('Ready인', 'that are Ready'),
    availableReplicas: counted('쓸 수 있는', 'that are available'), unavailableReplicas: counted('아직 모자라는', 'still missing'), terminatingReplicas: counted('지워지는 중인', 'being deleted'),
    conditions, collisionCount,
  },
  ReplicaSet: { '': { ko: '같은 파드가 늘 정해진 수만큼 있게 합니다. 대개 디플로이먼트가 만듭니다.', en: 'Keeps a number of equal Pods. Usually made by a Deployment.' } },
  ReplicaSetSpec: { '': { ko: '레플리카셋의 명세입니다.', en: 'What is wanted of a ReplicaSet.' }, replicas, minReadySeconds, selector, template },
  ReplicaSetStatus: {
    '': { ko: '레플리카셋의 지금 상태입니다.', en: 'The state of a ReplicaSet.' },
    replicas: counted('지금 있는', 'that there are'), fullyLabeledReplicas: counted('틀의 레이블을 모두 가진', 'with all labels of the template'), readyReplicas: counted('Ready인', 'that are Ready'),
    availableReplicas: counted('쓸 수 있는', 'that are available'), terminatingReplicas: counted('지워지는 중인', 'being deleted'), observedGeneration, conditions,
  },
  StatefulSet: { '': { ko: '이름과 저장 공간이 바뀌지 않는 파드를 차례대로 만듭니다.', en: 'Pods with lasting names and storage, made in order.' } },
  StatefulSetSpec: {
    '': { ko: '스테이트풀셋의 명세입니다.', en: 'What is wanted of a StatefulSet.' }, replicas, selector, template,
    volumeClaimTemplates: { ko: '파드마다 만들 PVC의 틀입니다. 파드가 지워져도 남아 다시 쓰입니다.', en: 'Claims to make for each Pod. They outlive it, and its successor gets them.' },
    serviceName: { ko: '파드의 이름을 DNS에 올릴 헤드리스 서비스입니다.', en: 'The headless Service that puts the Pods\' names into DNS.' },
    podManagementPolicy: { ko: 'OrderedReady(기본)는 하나씩 차례대로, Parallel은 한꺼번에 만들고 지웁니다.', en: 'OrderedReady (the default) goes one by one, Parallel all at once.' },
    updateStrategy: { ko: '새 버전으로 바꾸는 방법입니다.', en: 'How Pods move to a new version.' }, revisionHistoryLimit, minReadySeconds,
    persistentVolumeClaimRetentionPolicy: { ko: '지우거나 줄일 때 PVC를 어떻게 할지입니다.', en: 'What becomes of claims on deletion or scaling down.' },
    ordinals: { ko: '파드의 번호를 매기는 방법입니다.', en: 'How Pods are numbered.' },
  },
  StatefulSetUpdateStrategy: {
    '': { ko: '방식과 그 설정입니다.', en: 'A way to do it, and its settings.' },
    type: { ko: 'RollingUpdate(기본)는 뒤 번호부터 바꾸고, OnDelete는 지워질 때만 바꿉니다.', en: 'RollingUpdate (the default) from the highest number down, OnDelete only when a Pod is deleted.' },
    rollingUpdate: { ko: '차례로 바꿀 때의 설정입니다.', en: 'Settings of a rolling update.' },
  },
  RollingUpdateStatefulSetStrategy: {
    '': { ko: '차례로 바꿀 때의 설정입니다.', en: 'Settings of a rolling update.' },
    partition: { ko: '이 번호부터만 새 버전으로 바꿉니다. 기본은 0입니다.', en: 'Only Pods from this number on are updated; 0 by default.' }, maxUnavailable,
  },
  StatefulSetPersistentVolumeClaimRetentionPolicy: {
    '': { ko: 'PVC를 남길지 지울지 정합니다.', en: 'Whether claims stay.' },
    whenDeleted: { ko: '스테이트풀셋이 지워질 때 남길지(Retain, 기본) 지울지(Delete)입니다.', en: 'When the StatefulSet is deleted: Retain (the default) or Delete.' },
    whenScaled: { ko: '수를 줄일 때 남길지(Retain, 기본) 지울지(Delete)입니다.', en: 'When it is scaled down: Retain (the default) or Delete.' },
  },
  StatefulSetOrdinals: { '': { ko: '파드의 번호를 매기는 방법입니다.', en: 'How Pods are numbered.' }, start: { ko: '첫 번호입니다. 기본은 0입니다.', en: 'The first number; 0 by default.' } },
  StatefulSetStatus: {
    '': { ko: '스테이트풀셋의 지금 상태입니다.', en: 'The state of a StatefulSet.' }, observedGeneration,
    replicas: counted('지금 있는', 'that there are'), readyReplicas: counted('Ready인', 'that are Ready'), currentReplicas: counted('옛 버전의', 'of the old revision'), updatedReplicas: counted('새 버전의', 'of the new revision'), availableReplicas: counted('쓸 수 있는', 'that are available'),
    currentRevision: { ko: '옛 버전의 이름입니다.', en: 'Name of the old revision.' }, updateRevision: { ko: '새 버전의 이름입니다.', en: 'Name of the new revision.' }, collisionCount, conditions,
  },
  DaemonSet: { '': { ko: '맞는 노드마다 파드를 하나씩 둡니다.', en: 'One Pod on every node that fits.' } },
  DaemonSetSpec: {
    '': { ko: '데몬셋의 명세입니다.', en: 'What is wanted of a DaemonSet.' }, selector, template,
    updateStrategy: { ko: '새 버전으로 바꾸는 방법입니다.', en: 'How Pods move to a new version.' }, minReadySeconds, revisionHistoryLimit,
  },
  DaemonSetUpdateStrategy: {
    '': { ko: '방식과 그 설정입니다.', en: 'A way to do it, and its settings.' },
    type: { ko: 'RollingUpdate(기본)는 조금씩, OnDelete는 지워질 때만 바꿉니다.', en: 'RollingUpdate (the default) bit by bit, OnDelete only when a Pod is deleted.' },
    rollingUpdate: { ko: '조금씩 바꿀 때의 설정입니다.', en: 'Settings of a rolling update.' },
  },
  RollingUpdateDaemonSet: { '': { ko: '조금씩 바꿀 때의 설정입니다. 기본은 한 노드씩입니다.', en: 'Settings of a rolling update; one node at a time by default.' }, maxUnavailable, maxSurge },
  DaemonSetStatus: {
    '': { ko: '데몬셋의 지금 상태입니다.', en: 'The state of a DaemonSet.' },
    currentNumberScheduled: { ko: '파드가 있어야 하고 실제로 있는 노드의 수입니다.', en: 'Nodes that should have a Pod and do.' },
    numberMisscheduled: { ko: '파드가 없어야 하는데 있는 노드의 수입니다.', en: 'Nodes that have a Pod and should not.' },
    desiredNumberScheduled: { ko: '파드가 있어야 하는 노드의 수입니다.', en: 'Nodes that should have a Pod.' },
    numberReady: { ko: '파드가 Ready인 노드의 수입니다.', en: 'Nodes whose Pod is Ready.' }, observedGeneration,
    updatedNumberScheduled: { ko: '새 버전의 파드가 있는 노드의 수입니다.', en: 'Nodes whose Pod is of the new version.' },
    numberAvailable: { ko: '파드를 쓸 수 있는 노드의 수입니다.', en: 'Nodes whose Pod is available.' },
    numberUnavailable: { ko: '아직 쓸 수 없는 노드의 수입니다.', en: 'Nodes whose Pod is not available yet.' }, collisionCount, conditions,
  },
  Job: { '': { ko: '끝이 있는 일을 파드로 실행하고, 성공할 때까지 다시 시도합니다.', en: 'Runs Pods to an end, trying again until they succeed.' } },
  JobTemplateSpec: { '': { ko: '잡을 만들 틀입니다.', en: 'What Jobs are made from.' }, metadata: { ko: '만들 잡의 레이블과 어노테이션입니다.', en: 'Labels and annotations of the Jobs.' }, spec: { ko: '만들 잡의 명세입니다.', en: 'Spec of the Jobs.' } },
  JobSpec: {
    '': { ko: '잡의 명세입니다.', en: 'What is wanted of a Job.' },
    parallelism: { ko: '한꺼번에 돌 수 있는 파드의 수입니다. 기본은 1입니다.', en: 'How many Pods may run at once; 1 by default.' },
    completions: { ko: '성공해야 하는 파드의 수입니다. 기본은 1입니다.', en: 'How many Pods have to succeed; 1 by default.' },
    completionMode: { ko: 'NonIndexed(기본)는 아무나 성공하면 되고, Indexed는 번호마다 하나씩 성공해야 합니다.', en: 'NonIndexed (the default) counts any success; Indexed needs one for each number.' },
    activeDeadlineSeconds: { ko: '잡이 돌 수 있는 시간(초)입니다. 넘으면 실패합니다.', en: 'Seconds that the Job may take before it fails.' },
    backoffLimit: { ko: '다시 시도하는 횟수입니다. 기본은 6입니다.', en: 'How often to try again; 6 by default.' },
    backoffLimitPerIndex: { ko: '번호마다 다시 시도하는 횟수입니다. Indexed일 때만 씁니다.', en: 'How often to try each number again; for Indexed.' },
    maxFailedIndexes: { ko: '실패해도 되는 번호의 수입니다.', en: 'How many numbers may fail.' },
    podFailurePolicy: { ko: '파드가 왜 실패했는지에 따라 다시 시도할지 정합니다.', en: 'Decides by the cause of a Pod\'s failure what to do.' },
    successPolicy: { ko: '모두 끝나기 전에 성공으로 볼 조건입니다. Indexed일 때만 씁니다.', en: 'When the Job counts as done early; for Indexed.' },
    selector: { ko: '잡의 파드를 고르는 셀렉터입니다. 서버가 채웁니다.', en: 'Selects the Job\'s Pods. Set by the server.' },
    manualSelector: { ko: 'true이면 셀렉터를 직접 정합니다. 대개 쓰지 않습니다.', en: 'If true, you choose the selector. Rarely wanted.' }, template,
    ttlSecondsAfterFinished: { ko: '끝난 뒤 이 시간(초)이 지나면 지워집니다.', en: 'Seconds after its end until it is deleted.' },
    suspend: { ko: 'true이면 파드를 만들지 않고, 도는 것은 멈춥니다.', en: 'If true, no Pods are made and running ones are stopped.' },
    podReplacementPolicy: { ko: '대신할 파드를 곧바로(TerminatingOrFailed) 만들지, 완전히 끝난 뒤(Failed) 만들지 정합니다.', en: 'Replace Pods at once (TerminatingOrFailed) or only when fully ended (Failed).' },
    managedBy: { ko: '이 잡을 맡을 컨트롤러입니다.', en: 'The controller in charge of this Job.' },
  },
  PodFailurePolicy: { '': { ko: '파드의 실패를 다루는 규칙입니다.', en: 'Rules for failed Pods.' }, rules: { ko: '위에서부터 처음 맞는 규칙을 씁니다.', en: 'The first that matches counts.' } },
  PodFailurePolicyRule: {
    '': { ko: '파드의 실패에 대한 규칙 하나입니다.', en: 'One rule for failed Pods.' },
    action: { ko: 'FailJob, FailIndex, Ignore, Count 가운데 하나입니다.', en: 'FailJob, FailIndex, Ignore or Count.' },
    onExitCodes: { ko: '종료 코드로 가립니다.', en: 'Matches by exit code.' },
    onPodConditions: { ko: '파드의 조건으로 가립니다.', en: 'Matches by the Pod\'s conditions.' },
  },
  PodFailurePolicyOnExitCodesRequirement: {
    '': { ko: '종료 코드에 거는 조건입니다.', en: 'A condition on exit codes.' },
    containerName: { ko: '볼 컨테이너입니다. 비우면 모두 봅니다.', en: 'The container that counts; all when empty.' },
    operator: { ko: 'In 또는 NotIn입니다.', en: 'In or NotIn.' },
    values: { ko: '견줄 종료 코드입니다.', en: 'Exit codes to compare with.' },
  },
  PodFailurePolicyOnPodConditionsPattern: { '': { ko: '파드의 조건에 거는 조건입니다.', en: 'A pattern for the Pod\'s conditions.' }, type: { ko: '조건의 이름입니다. 예: DisruptionTarget', en: 'Type of the condition, such as DisruptionTarget.' }, status: { ko: '조건의 값입니다. 기본은 True입니다.', en: 'Its status; True by default.' } },
  SuccessPolicy: { '': { ko: '일찍 성공으로 보는 규칙입니다.', en: 'Rules for an early success.' }, rules: { ko: '하나라도 맞으면 성공입니다.', en: 'One that holds is enough.' } },
  SuccessPolicyRule: { '': { ko: '성공의 조건 하나입니다.', en: 'One rule of success.' }, succeededIndexes: { ko: '성공해야 하는 번호입니다. 예: 0,2-4', en: 'Numbers that have to succeed, for example 0,2-4.' }, succeededCount: { ko: '성공해야 하는 번호의 수입니다.', en: 'How many numbers have to succeed.' } },
  JobStatus: {
    '': { ko: '잡의 지금 상태입니다.', en: 'The state of a Job.' }, conditions,
    startTime: { ko: '시작한 시각입니다.', en: 'When it started.' }, completionTime: { ko: '성공해서 끝난 시각입니다.', en: 'When it succeeded.' },
    active: counted('돌고 있는', 'that run'), ready: counted('Ready인', 'that are Ready'), succeeded: counted('성공한', 'that succeeded'), failed: counted('실패한', 'that failed'), terminating: counted('지워지는 중인', 'being deleted'),
    completedIndexes: { ko: '성공한 번호입니다.', en: 'Numbers that have succeeded.' }, failedIndexes: { ko: '실패한 번호입니다.', en: 'Numbers that have failed.' },
    uncountedTerminatedPods: { ko: '끝났지만 아직 세지 않은 파드입니다.', en: 'Pods that have ended and are not counted yet.' },
  },
  UncountedTerminatedPods: { '': { ko: '아직 세지 않은 파드입니다.', en: 'Pods not counted yet.' }, succeeded: { ko: '성공한 파드의 UID입니다.', en: 'UIDs of those that succeeded.' }, failed: { ko: '실패한 파드의 UID입니다.', en: 'UIDs of those that failed.' } },
  CronJob: { '': { ko: '정해진 때마다 잡을 만듭니다.', en: 'Makes Jobs on a schedule.' } },
  CronJobSpec: {
    '': { ko: '크론잡의 명세입니다.', en: 'What is wanted of a CronJob.' },
    schedule: { ko: '분, 시, 일, 월, 요일을 적은 크론 표현입니다. 예: */5 * * * *', en: 'Minute, hour, day, month, weekday in cron form, for example */5 * * * *.' },
    timeZone: { ko: '시간대입니다. 예: Asia/Seoul. 비우면 컨트롤러의 시간대입니다.', en: 'Time zone, such as Asia/Seoul; the controller\'s own when left out.' },
    startingDeadlineSeconds: { ko: '때를 놓쳐도 이 시간(초) 안이면 시작합니다.', en: 'Seconds after a missed time in which a start is still made.' },
    concurrencyPolicy: { ko: '앞의 잡이 아직 돌면 함께(Allow, 기본), 건너뜀(Forbid), 바꿈(Replace)입니다.', en: 'While the last Job still runs: Allow another (the default), Forbid it, or Replace.' },
    suspend: { ko: 'true이면 새로 시작하지 않습니다.', en: 'If true, no new Jobs are started.' },
    jobTemplate: { ko: '만들 잡의 틀입니다.', en: 'What the Jobs are made from.' },
    successfulJobsHistoryLimit: { ko: '남겨 둘 성공한 잡의 수입니다. 기본은 3입니다.', en: 'How many successful Jobs to keep; 3 by default.' },
    failedJobsHistoryLimit: { ko: '남겨 둘 실패한 잡의 수입니다. 기본은 1입니다.', en: 'How many failed Jobs to keep; 1 by default.' },
  },
  CronJobStatus: {
    '': { ko: '크론잡의 지금 상태입니다.', en: 'The state of a CronJob.' },
    active: { ko: '돌고 있는 잡입니다.', en: 'Jobs that run.' },
    lastScheduleTime: { ko: '마지막으로 잡을 만든 때입니다.', en: 'When a Job was last scheduled.' },
    lastSuccessfulTime: { ko: '마지막으로 성공한 때입니다.', en: 'When a Job last succeeded.' },
  },
} as const satisfies FieldDocs;
