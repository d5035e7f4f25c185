import type { CustomResourceDefinition, Describe } from '../../api';
import type { AdmissionPlugin } from '../admission';
import type { ServerParts } from '../call';
import { defaultPlugins } from '../admission/default';
import { serveDefinition } from '../customresources/serve';
import { OpenApi } from '../openapi';
import type { ResourceDefinition } from '../resources/definition';
import { policyWarnings } from '../resources/admissionregistration/type-checking';
import { approvalOf } from '../resources/apiextensions';
import { laterWarningsFor } from '../resources/early-warnings';
import { laterDefinitionFor } from '../resources/software';
import { Aggregator } from '../outgoing/aggregation';
import type { Answer } from '../subresources';
import { answerEviction } from '../subresources/eviction';
import { answerReview } from '../subresources/reviews';
import { answerStream } from '../subresources/streams';
import type { Aggregation, ServedResource, ServedResources } from '../served';

/** What of an API server no cluster needs to come up: a page loads it meanwhile. */
export interface ServerSoftware {
  /** What the schema cannot say of kinds that every cluster begins without. */
  definitionFor(group: string, resource: string): ResourceDefinition | undefined;
  /** Warnings of kinds that a cluster begins with. */
  warningsFor(group: string, resource: string): ResourceDefinition['warnings'];
  /** Serves a CustomResourceDefinition's versions; gives what was put in place. */
  serveDefinition(server: ServerParts, definition: CustomResourceDefinition): readonly ServedResource[];
  /** Whether a definition in a protected group was approved; undefined in other groups. */
  approvalOf: typeof approvalOf;
  /** Follows APIServices, and serves what others serve. */
  aggregate(server: ServerParts): Aggregation;
  /** What of a policy's expressions does not fit the kinds that it matches. */
  policyWarnings: typeof policyWarnings;
  /** All of admission. */
  readonly plugins: readonly AdmissionPlugin[];
  /** Who answers kinds that are only asked (reviews), evictions, and what goes on to a kubelet, a Pod or a Service. */
  readonly review: Answer;
  readonly evict: Answer;
  readonly stream: Answer;
  /** What answers questions for OpenAPI. */
  openApi(served: ServedResources, describe: Describe): OpenApi;
}

/** All of it. */
export const serverSoftware: ServerSoftware = {
  definitionFor: laterDefinitionFor, warningsFor: laterWarningsFor, serveDefinition, approvalOf, policyWarnings, plugins: defaultPlugins, aggregate: (server) => new Aggregator(server), openApi: (served, describe) => new OpenApi(served, describe),
  review: answerReview, evict: answerEviction, stream: answerStream,
};
