import type { ResourceDefinition } from './definition';
import { pods } from './core/pods';

const definitions = [pods] as const;
const byName = new Map<string, ResourceDefinition>();
for (const definition of definitions) byName.set(`${definition.group}/${definition.resource}`, definition as unknown as ResourceDefinition);

/** What only this resource has: defaults, checks, strategy, cells. Undefined where the schema says all. */
export const definitionFor = (group: string, resource: string): ResourceDefinition | undefined => byName.get(`${group}/${resource}`);
