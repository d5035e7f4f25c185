import type { CustomResourceDefinition } from '../../api';
import type { AdmissionPlugin } from '../admission';
import type { ServerParts } from '../call';
import { dynamicPlugins } from '../admission/dynamic';
import { serveDefinition } from '../customresources/serve';
import type { ResourceDefinition } from '../resources/definition';
import { approvalOf } from '../resources/apiextensions';
import { laterDefinitionFor } from '../resources/software';
import type { ServedResource } from '../served';

/** What of an API server no cluster needs to come up: a page loads it meanwhile. */
export interface ServerSoftware {
  /** What the schema cannot say of kinds that every cluster begins without. */
  definitionFor(group: string, resource: string): ResourceDefinition | undefined;
  /** Serves a CustomResourceDefinition's versions; gives what was put in place. */
  serveDefinition(server: ServerParts, definition: CustomResourceDefinition): readonly ServedResource[];
  /** Whether a definition in a protected group was approved; undefined in other groups. */
  approvalOf: typeof approvalOf;
  /** Admission by what objects say. */
  readonly plugins: readonly AdmissionPlugin[];
}

/** All of it. */
export const serverSoftware: ServerSoftware = { definitionFor: laterDefinitionFor, serveDefinition, approvalOf, plugins: dynamicPlugins };
