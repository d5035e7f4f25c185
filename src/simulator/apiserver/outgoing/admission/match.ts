import type { GroupVersionKind, GroupVersionResource, KubeObject, MutatingWebhookConfiguration, ValidatingWebhookConfiguration } from '../../../api';
import type { Task } from '../../../kernel';
import type { AdmissionAttributes, AdmissionContext } from '../../admission';
import { Evaluation, ExpressionError } from '../../admission/policies/evaluate';
import { ruleMatches, selectorsMatch } from '../../admission/policies/match';
import type { ServerParts } from '../../call';
import { forbidden } from '../../errors';
import type { Draft } from '../../resources/definition';
import type { ServedResource } from '../../served';
import { translated } from './translate';
import type { Webhook } from './review';

const group = 'admissionregistration.k8s.io';

/** A request as a webhook's rules mean it: perhaps as another version of the same resource (matchPolicy Equivalent). */
export interface Meaning {
  readonly resource: GroupVersionResource;
  readonly kind: GroupVersionKind;
  readonly object: Draft | KubeObject | undefined;
  readonly oldObject: KubeObject | undefined;
  /** The other version's resource, where it is one. */
  readonly served: ServedResource | undefined;
}

/** A webhook that is to be asked. */
export interface Match {
  readonly webhook: Webhook;
  /** Which one it is among all. */
  readonly id: string;
  /** The version that its rules name; undefined for the request's own. */
  readonly as: ServedResource | undefined;
}

/** The resource under which a webhook's rules mean a request: undefined for its own, false for none. */
function meant({ rules = [], matchPolicy }: Webhook, attributes: AdmissionAttributes, server: ServerParts): ServedResource | undefined | false {
  if (rules.some((rule) => ruleMatches(rule, attributes))) return undefined;
  if (matchPolicy === 'Exact') return false;
  const { group: own, version, resource } = attributes.resource;
  for (const other of server.served.equivalents(own, version, resource)) {
    const { info } = other;
    if (rules.some((rule) => ruleMatches(rule, { ...attributes, resource: { group: info.group, version: info.version, resource } }))) return other;
  }
  return false;
}

/** The webhooks of all configurations that may mean a request, configurations by name; whether their conditions hold is still to be seen. */
export function* matching(kind: 'mutating' | 'validating', attributes: AdmissionAttributes, context: AdmissionContext): Generator<Match> {
  const configurations = context.list<ValidatingWebhookConfiguration | MutatingWebhookConfiguration>({ group, version: 'v1', resource: `${kind}webhookconfigurations` });
  const byName = [...configurations].sort((a, b) => ((a.metadata?.name ?? '') < (b.metadata?.name ?? '') ? -1 : 1));
  for (const { metadata, webhooks = [] } of byName) {
    for (const [index, webhook] of (webhooks as readonly Webhook[]).entries()) {
      if (!selectorsMatch(webhook, attributes, context)) continue;
      const as = meant(webhook, attributes, context.server);
      if (as !== false) yield { webhook, id: `${metadata?.name}/${index}`, as };
    }
  }
}

/** The request as the webhook is to see it. */
export function* meaningOf({ as }: Match, server: ServerParts, { resource, kind, object, oldObject }: AdmissionAttributes): Task<Meaning> {
  const own = as && server.served.find(resource.group, resource.version, resource.resource);
  if (!as || !own) return { resource, kind, object, oldObject, served: undefined };
  const { info } = as;
  const isOwnKind = kind.kind === own.info.kind && kind.group === own.info.group;
  const other = function* (value: object | undefined): Task<Draft | undefined> {
    return value && isOwnKind ? yield* translated(value, own, as) : (value as Draft | undefined);
  };
  return {
    resource: { group: info.group, version: info.version, resource: info.resource },
    kind: isOwnKind ? { group: info.group, version: info.version, kind: info.kind } : kind,
    object: yield* other(object),
    oldObject: (yield* other(oldObject)) as unknown as KubeObject | undefined,
    served: isOwnKind ? as : undefined,
  };
}

/** Whether a webhook's match conditions hold. Throws a 403 when they cannot be told and it fails closed. */
export function conditionsHold({ matchConditions = [], failurePolicy }: Webhook, attributes: AdmissionAttributes, context: AdmissionContext): boolean {
  if (matchConditions.length === 0) return true;
  const evaluation = new Evaluation(attributes, context, { hasParams: false, hasAuthorizer: true, mutates: false }, [], undefined);
  const problems: string[] = [];
  for (const { expression } of matchConditions) {
    try {
      if (evaluation.run(expression) !== true) return false;
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      problems.push(`expression '${expression}' resulted in error: ${error.message}`);
    }
  }
  if (problems.length === 0) return true;
  if (failurePolicy === 'Ignore') return false;
  throw forbidden(attributes.resource, attributes.name, problems.length === 1 ? (problems[0] as string) : `[${problems.join(', ')}]`);
}
