import type { Difference } from './run';
import type { Answer, FuzzRequest } from './requests';
import { namespaces } from './scenario';

/** One line of a file of found differences: what to ask, and what Kubernetes says. */
export interface Found {
  readonly setup: readonly FuzzRequest[];
  readonly request: FuzzRequest;
  readonly expected: Answer;
}

/** The line of a difference. */
export const recorded = ({ scenario: { setup }, request, expected }: Difference): string => `${JSON.stringify({ setup: setup.filter((one) => one !== request), request, expected } satisfies Found)}\n`;

/** What scenarios find in place: namespaces with the account that Pods run under. */
export const preparation: readonly FuzzRequest[] = namespaces.flatMap((name) => [
  { method: 'POST' as const, path: '/api/v1/namespaces', type: 'application/json', body: { metadata: { name } } },
  { method: 'POST' as const, path: `/api/v1/namespaces/${name}/serviceaccounts`, type: 'application/json', body: { metadata: { name: 'default' } } },
]);
