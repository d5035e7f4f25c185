import type { ApiResponse } from '../../api';
import type { Query } from '../request/url';

const hooks = [
  'start-apiserver-admission-initializer', 'generic-apiserver-start-informers', 'priority-and-fairness-config-consumer', 'priority-and-fairness-filter',
  'storage-object-count-tracker-hook', 'start-apiextensions-informers', 'start-apiextensions-controllers', 'crd-informer-synced', 'start-system-namespaces-controller',
  'peer-endpoint-reconciler-controller', 'start-cluster-authentication-info-controller', 'start-kube-apiserver-identity-lease-controller',
  'start-kube-apiserver-identity-lease-garbage-collector', 'storage-readiness', 'start-legacy-token-tracking-controller', 'start-service-ip-repair-controllers',
  'rbac/bootstrap-roles', 'scheduling/bootstrap-system-priority-classes', 'priority-and-fairness-config-producer', 'bootstrap-controller', 'start-kubernetes-service-cidr-controller',
  'start-kube-aggregator-informers', 'apiservice-status-local-available-controller', 'apiservice-status-remote-available-controller', 'apiservice-registration-controller',
  'apiservice-discovery-controller', 'kube-apiserver-autoregistration',
].map((name) => `poststarthook/${name}`);
const last = ['autoregister-completion', 'poststarthook/apiservice-openapi-controller', 'poststarthook/apiservice-openapiv3-controller'];
const live = ['ping', 'log', 'loopback-serving-certificate', 'etcd', ...hooks, ...last];

/** The checks of each health endpoint, in the order in which they are listed. */
export const healthChecks: Readonly<Record<string, readonly string[]>> = {
  healthz: live,
  livez: live,
  readyz: ['ping', 'log', 'etcd', 'etcd-readiness', 'informer-sync', ...hooks, ...last, 'shutdown'],
};

const text = (body: string): ApiResponse => ({ status: 200, headers: { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' }, text: body });

/** Answers /healthz, /livez, /readyz and their single checks; undefined for a check that there is not. */
export function answerHealth(endpoint: string, check: string, query: Query): ApiResponse | undefined {
  const checks = healthChecks[endpoint];
  if (checks === undefined) return undefined;
  if (check !== '') return checks.includes(check) ? text('ok') : undefined;
  const excluded = query.all('exclude');
  if (!query.has('verbose')) return text('ok');
  const lines = checks.map((name) => (excluded.includes(name) ? `[+]${name} excluded: ok` : `[+]${name} ok`));
  const unknown = excluded.filter((name) => !checks.includes(name));
  if (unknown.length > 0) lines.push(`warn: some health checks cannot be excluded: no matches for ${unknown.map((name) => JSON.stringify(name)).join(',')}`);
  return text(`${lines.join('\n')}\n${endpoint} check passed\n`);
}
