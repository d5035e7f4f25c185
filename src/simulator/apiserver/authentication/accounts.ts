import type { KubeObject } from '../../api';

/** Looks up core/v1 objects in the store. */
export type CoreLookup = (resource: 'serviceaccounts' | 'pods' | 'secrets' | 'nodes', namespace: string | undefined, name: string) => KubeObject | undefined;

/** The groups of every service account in a namespace, before system:authenticated. */
export const serviceAccountGroups = (namespace: string): string[] => ['system:serviceaccounts', `system:serviceaccounts:${namespace}`];
