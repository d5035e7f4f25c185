import type { FieldDocs } from './docs';

const conditions = { ko: '지금 상태를 나타내는 조건입니다.', en: 'Conditions of its present state.' };
const observedGeneration = { ko: '컨트롤러가 마지막으로 본 metadata.generation입니다.', en: 'The metadata.generation that the controller has seen.' };
const metricName = { ko: '리소스의 이름입니다. cpu 또는 memory입니다.', en: 'Name of the resource: cpu or memory.' };
const container = { ko: '볼 컨테이너의 이름입니다.', en: 'Name of the container that counts.' };
const metric = { ko: '볼 메트릭입니다.', en: 'The metric.' };
const target = { ko: '맞추려는 값입니다.', en: 'The value to keep to.' };
const current = { ko: '지금 값입니다.', en: 'Its present value.' };
const described = { ko: '메트릭이 나타내는 오브젝트입니다.', en: 'The object that the metric is about.' };
const subjects = { ko: '권한을 받을 사용자, 그룹, 서비스어카운트입니다.', en: 'Users, groups and ServiceAccounts that get it.' };
const roleRef = { ko: '줄 역할입니다. 만든 뒤에 바꿀 수 없습니다.', en: 'The role that is granted; fixed once created.' };
const rules = { ko: '허용하는 일의 목록입니다.', en: 'What it allows.' };
const metricTypes = { ko: 'Resource, ContainerResource, Pods, Object, External 가운데 하나입니다.', en: 'Resource, ContainerResource, Pods, Object or External.' };
const metrics = {
  type: metricTypes,
  resource: { ko: '파드의 CPU나 메모리입니다.', en: 'CPU or memory of the Pods.' },
  containerResource: { ko: '컨테이너 하나의 CPU나 메모리입니다.', en: 'CPU or memory of one container.' },
  pods: { ko: '파드마다 있는 메트릭의 평균입니다.', en: 'The average of a metric of each Pod.' },
  object: { ko: '다른 오브젝트 하나의 메트릭입니다.', en: 'A metric of one other object.' },
  external: { ko: '클러스터 밖의 메트릭입니다.', en: 'A metric from outside the cluster.' },
};
const values = {
  value: { ko: '메트릭의 값입니다.', en: 'The value itself.' },
  averageValue: { ko: '파드마다의 평균 값입니다.', en: 'The average for each Pod.' },
  averageUtilization: { ko: '요청에 견준 평균 사용률(%)입니다.', en: 'The average in percent of what is requested.' },
};

/** Who may do what, how many there should be, and how few there may be. */
export const policies = {
  ServiceAccount: {
    '': { ko: '파드가 API 서버에 쓰는 신원입니다.', en: 'The identity that Pods have towards the API server.' },
    secrets: { ko: '이 서비스어카운트의 파드가 쓸 수 있는 시크릿입니다. 옛 방식입니다.', en: 'Secrets that its Pods may use. An old way.' },
    imagePullSecrets: { ko: '이미지를 받을 때 쓸 시크릿입니다. 파드에 더해집니다.', en: 'Secrets for pulling images, added to its Pods.' },
    automountServiceAccountToken: { ko: 'false이면 파드에 토큰을 마운트하지 않습니다. 파드에서 바꿀 수 있습니다.', en: 'If false, Pods get no token unless they say otherwise.' },
  },
  Role: { '': { ko: '한 네임스페이스 안에서 할 수 있는 일입니다.', en: 'What may be done in one namespace.' }, rules },
  ClusterRole: {
    '': { ko: '클러스터 전체에서, 또는 어느 네임스페이스에서나 쓸 수 있는 역할입니다.', en: 'A role for the whole cluster, or for use in any namespace.' }, rules,
    aggregationRule: { ko: '레이블로 고른 다른 역할의 규칙을 모읍니다.', en: 'Gathers the rules of other roles, selected by label.' },
  },
  AggregationRule: { '': { ko: '다른 역할을 모으는 방법입니다.', en: 'How other roles are gathered.' }, clusterRoleSelectors: { ko: '모을 역할을 고르는 셀렉터입니다.', en: 'Selects the roles.' } },
  PolicyRule: {
    '': { ko: '허용하는 일 하나입니다.', en: 'Something that is allowed.' },
    verbs: { ko: '할 수 있는 일입니다. 예: get, list, watch, create. *는 모두입니다.', en: 'Verbs such as get, list, watch and create; * for all.' },
    apiGroups: { ko: 'API 그룹입니다. ""는 core 그룹, *는 모두입니다.', en: 'API groups; "" is the core group, * all.' },
    resources: { ko: '리소스의 이름입니다. 예: pods, pods/log. *는 모두입니다.', en: 'Resources such as pods or pods/log; * for all.' },
    resourceNames: { ko: '이 이름의 오브젝트만 허용합니다. 비우면 모두입니다.', en: 'Only objects of these names; all when empty.' },
    nonResourceURLs: { ko: '리소스가 아닌 경로입니다. 예: /healthz. ClusterRole에서만 씁니다.', en: 'Paths that are no resources, such as /healthz; in ClusterRoles only.' },
  },
  RoleBinding: { '': { ko: '한 네임스페이스 안에서 누구에게 역할을 줍니다.', en: 'Grants a role within one namespace.' }, subjects, roleRef },
  ClusterRoleBinding: { '': { ko: '클러스터 전체에서 누구에게 역할을 줍니다.', en: 'Grants a role in the whole cluster.' }, subjects, roleRef },
  Subject: {
    '': { ko: '권한을 받을 대상입니다.', en: 'Someone who gets a role.' }, kind: { ko: 'User, Group, ServiceAccount 가운데 하나입니다.', en: 'User, Group or ServiceAccount.' },
    apiGroup: { ko: 'User와 Group은 rbac.authorization.k8s.io, ServiceAccount는 ""입니다.', en: 'rbac.authorization.k8s.io for User and Group, "" for ServiceAccount.' }, name: { ko: '이름입니다.', en: 'The name.' }, namespace: { ko: '서비스어카운트의 네임스페이스입니다.', en: 'Namespace of a ServiceAccount.' },
  },
  RoleRef: { '': { ko: '줄 역할을 가리킵니다.', en: 'Points at the role.' }, apiGroup: { ko: 'rbac.authorization.k8s.io입니다.', en: 'rbac.authorization.k8s.io.' }, kind: { ko: 'Role 또는 ClusterRole입니다.', en: 'Role or ClusterRole.' }, name: { ko: '역할의 이름입니다.', en: 'Name of the role.' } },
  PodDisruptionBudget: { '': { ko: '노드 비우기 같은 계획된 작업이 한꺼번에 없앨 수 있는 파드의 수를 제한합니다.', en: 'Limits how many Pods planned work, such as draining a node, may take away at once.' } },
  PodDisruptionBudgetSpec: {
    '': { ko: 'PDB의 명세입니다.', en: 'What is wanted of a budget.' },
    minAvailable: { ko: '남아 있어야 하는 파드의 수나 비율입니다. maxUnavailable과 함께 쓸 수 없습니다.', en: 'How many Pods, or what share, have to stay; not together with maxUnavailable.' },
    maxUnavailable: { ko: '없어도 되는 파드의 수나 비율입니다.', en: 'How many Pods, or what share, may be missing.' },
    selector: { ko: '지킬 파드를 고르는 셀렉터입니다.', en: 'Selects the Pods that it protects.' },
    unhealthyPodEvictionPolicy: { ko: '준비되지 않은 파드를 예산이 있을 때만(IfHealthyBudget), 언제나(AlwaysAllow) 내보낼 수 있습니다.', en: 'Pods that are not ready go IfHealthyBudget (the default), or AlwaysAllow.' },
  },
  PodDisruptionBudgetStatus: {
    '': { ko: 'PDB의 지금 상태입니다.', en: 'The state of a budget.' }, observedGeneration,
    disruptedPods: { ko: '내보내기로 했지만 아직 사라지지 않은 파드입니다.', en: 'Pods whose eviction was allowed and that are not gone yet.' },
    disruptionsAllowed: { ko: '지금 더 내보낼 수 있는 파드의 수입니다.', en: 'How many more Pods may go now.' },
    currentHealthy: { ko: '지금 멀쩡한 파드의 수입니다.', en: 'Pods that are healthy now.' }, desiredHealthy: { ko: '멀쩡해야 하는 파드의 수입니다.', en: 'Pods that have to be healthy.' }, expectedPods: { ko: '셈에 넣는 파드의 수입니다.', en: 'Pods that are counted.' }, conditions,
  },
  HorizontalPodAutoscaler: { '': { ko: '메트릭에 따라 파드의 수를 늘리고 줄입니다.', en: 'Changes the number of Pods to keep a metric near a value.' } },
  HorizontalPodAutoscalerSpec: {
    '': { ko: 'HPA의 명세입니다.', en: 'What is wanted of an autoscaler.' },
    scaleTargetRef: { ko: '수를 바꿀 대상입니다. 예: 디플로이먼트', en: 'What is scaled, such as a Deployment.' },
    minReplicas: { ko: '가장 적은 수입니다. 기본은 1입니다.', en: 'The fewest Pods; 1 by default.' }, maxReplicas: { ko: '가장 많은 수입니다.', en: 'The most Pods.' },
    metrics: { ko: '볼 메트릭입니다. 여럿이면 가장 큰 수를 따릅니다.', en: 'Metrics to look at; the one that asks for most wins.' }, behavior: { ko: '늘리고 줄이는 빠르기입니다.', en: 'How fast to go up and down.' },
    targetCPUUtilizationPercentage: { ko: '맞추려는 평균 CPU 사용률(%)입니다.', en: 'Average CPU use to keep to, in percent of the request.' },
  },
  CrossVersionObjectReference: { '': { ko: '수를 바꿀 대상을 가리킵니다.', en: 'Points at what is scaled.' }, kind: { ko: '종류입니다.', en: 'Its kind.' }, name: { ko: '이름입니다.', en: 'Its name.' }, apiVersion: { ko: 'API 버전입니다.', en: 'Its API version.' } },
  MetricSpec: { '': { ko: '볼 메트릭 하나입니다.', en: 'One metric to look at.' }, ...metrics },
  MetricStatus: { '': { ko: '메트릭 하나의 지금 값입니다.', en: 'One metric as it is now.' }, ...metrics },
  MetricTarget: { '': { ko: '맞추려는 값입니다.', en: 'The value to keep to.' }, type: { ko: 'Utilization, Value, AverageValue 가운데 하나입니다.', en: 'Utilization, Value or AverageValue.' }, ...values },
  MetricValueStatus: { '': { ko: '메트릭의 지금 값입니다.', en: 'A metric\'s present value.' }, ...values },
  MetricIdentifier: { '': { ko: '메트릭의 이름입니다.', en: 'Names a metric.' }, name: { ko: '이름입니다.', en: 'Its name.' }, selector: { ko: '메트릭을 레이블로 더 좁힙니다.', en: 'Narrows it down by label.' } },
  ResourceMetricSource: { '': metrics.resource, name: metricName, target }, ResourceMetricStatus: { '': metrics.resource, name: metricName, current },
  ContainerResourceMetricSource: { '': metrics.containerResource, name: metricName, container, target }, ContainerResourceMetricStatus: { '': metrics.containerResource, name: metricName, container, current },
  PodsMetricSource: { '': metrics.pods, metric, target }, PodsMetricStatus: { '': metrics.pods, metric, current },
  ObjectMetricSource: { '': metrics.object, describedObject: described, metric, target }, ObjectMetricStatus: { '': metrics.object, describedObject: described, metric, current },
  ExternalMetricSource: { '': metrics.external, metric, target }, ExternalMetricStatus: { '': metrics.external, metric, current },
  HorizontalPodAutoscalerBehavior: { '': { ko: '늘리고 줄이는 빠르기입니다.', en: 'How fast to go up and down.' }, scaleUp: { ko: '늘릴 때의 규칙입니다.', en: 'Rules for going up.' }, scaleDown: { ko: '줄일 때의 규칙입니다.', en: 'Rules for going down.' } },
  HPAScalingRules: {
    '': { ko: '한쪽으로 바꿀 때의 규칙입니다.', en: 'Rules for one direction.' },
    stabilizationWindowSeconds: { ko: '이 시간(초) 동안의 제안 가운데 가장 조심스러운 것을 따릅니다.', en: 'Seconds of past proposals, of which the most cautious one counts.' },
    selectPolicy: { ko: '규칙이 여럿일 때 Max, Min, 또는 바꾸지 않음(Disabled)입니다.', en: 'Of several policies Max or Min; Disabled for no change at all.' },
    policies: { ko: '한 번에 바꿀 수 있는 양입니다.', en: 'How much may change at a time.' }, tolerance: { ko: '이 비율 안의 차이는 그대로 둡니다.', en: 'Differences within this ratio are left alone.' },
  },
  HPAScalingPolicy: { '': { ko: '한 번에 바꿀 수 있는 양입니다.', en: 'How much may change at a time.' }, type: { ko: 'Pods(수) 또는 Percent(비율)입니다.', en: 'Pods or Percent.' }, value: { ko: '수나 비율입니다.', en: 'The number or percentage.' }, periodSeconds: { ko: '그만큼 바꿀 수 있는 시간(초)입니다.', en: 'In how many seconds.' } },
  HorizontalPodAutoscalerStatus: {
    '': { ko: 'HPA의 지금 상태입니다.', en: 'The state of an autoscaler.' }, observedGeneration, lastScaleTime: { ko: '마지막으로 수를 바꾼 시각입니다.', en: 'When it last changed the number.' },
    currentReplicas: { ko: '지금 파드의 수입니다.', en: 'Pods that there are.' }, desiredReplicas: { ko: '있어야 한다고 본 파드의 수입니다.', en: 'Pods that there should be.' },
    currentMetrics: { ko: '메트릭의 지금 값입니다.', en: 'The metrics as they are now.' }, conditions, currentCPUUtilizationPercentage: { ko: '지금 평균 CPU 사용률(%)입니다.', en: 'Present average CPU use in percent.' },
  },
} as const satisfies FieldDocs;
