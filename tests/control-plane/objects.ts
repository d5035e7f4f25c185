/** Objects for tests. Their Pods name a scheduler that nobody serves, unless `podSpec` says otherwise. */
const byHand = { schedulerName: 'by-hand' };

const template = (name: string, image: string, podSpec: object) => ({ metadata: { labels: { app: name } }, spec: { ...byHand, containers: [{ name: 'c', image }], ...podSpec } });

export const deployment = (name: string, replicas: number, spec: object = {}, image = 'web:1', podSpec: object = {}) => ({
  apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name, namespace: 'default' },
  spec: { replicas, selector: { matchLabels: { app: name } }, template: template(name, image, podSpec), ...spec },
});

export const replicaSet = (name: string, replicas: number) => ({
  apiVersion: 'apps/v1', kind: 'ReplicaSet', metadata: { name, namespace: 'default' },
  spec: { replicas, selector: { matchLabels: { app: name } }, template: template(name, 'c', {}) },
});

export const statefulSet = (name: string, replicas: number, spec: object = {}, image = 'db:1') => ({
  apiVersion: 'apps/v1', kind: 'StatefulSet', metadata: { name, namespace: 'default' },
  spec: { serviceName: name, replicas, selector: { matchLabels: { app: name } }, template: template(name, image, {}), updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } }, podManagementPolicy: 'OrderedReady', ...spec },
});

export const daemonSet = (name: string, spec: object = {}, podSpec: object = {}, image = 'c:1') => ({
  apiVersion: 'apps/v1', kind: 'DaemonSet', metadata: { name, namespace: 'default' },
  spec: {
    selector: { matchLabels: { app: name } }, updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1, maxSurge: 0 } },
    template: { metadata: { labels: { app: name } }, spec: { terminationGracePeriodSeconds: 0, containers: [{ name: 'c', image }], ...podSpec } }, ...spec,
  },
});

export const job = (name: string, spec: object = {}) => ({
  apiVersion: 'batch/v1', kind: 'Job', metadata: { name, namespace: 'default' },
  spec: { template: { spec: { ...byHand, restartPolicy: 'Never', containers: [{ name: 'c', image: 'c' }] } }, ...spec },
});

export const pod = (name: string, spec: object = {}, container: object = {}, labels: Record<string, string> = {}) => ({
  apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'default', labels },
  spec: { terminationGracePeriodSeconds: 0, containers: [{ name: 'c', image: 'c', ...container }], ...spec },
});

export const requests = (cpu: string, memory?: string) => ({ resources: { requests: { cpu, ...(memory && { memory }) } } });
