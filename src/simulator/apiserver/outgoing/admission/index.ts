import { joinAll, type Task } from '../../../kernel';
import { StatusError } from '../../../api';
import type { AdmissionAttributes, AdmissionContext } from '../../admission';
import { internalError } from '../../errors';
import { sameValue } from '../../resources/equality';
import { ask, UnusableError } from '../review';
import { CallError } from '../target';
import { conditionsHold, type Match, type Meaning, meaningOf, matching } from './match';
import { patched, replace } from './patched';
import { decisionOf, InvalidResponse, reviewOf } from './review';
import { translated } from './translate';

const userAgent = 'kube-apiserver-admission';

/** Asks one webhook; gives its patch. Throws its refusal, or a 500 when it cannot be asked and fails closed. */
function* askOne({ webhook }: Match, meaning: Meaning, attributes: AdmissionAttributes, context: AdmissionContext, mutating: boolean): Task<readonly unknown[] | undefined> {
  const { name, clientConfig: config, timeoutSeconds: timeout = 10, failurePolicy } = webhook;
  const uid = context.random.uuid();
  const apiVersion = `admission.k8s.io/${(webhook.admissionReviewVersions ?? []).find((one) => one === 'v1' || one === 'v1beta1') ?? 'v1'}`;
  try {
    const answer = yield* ask(context.server, { config, userAgent, timeout, late: 'context deadline exceeded', apiVersion, kind: 'AdmissionReview', review: reviewOf(attributes, meaning, uid, apiVersion) });
    const decision = decisionOf(name, answer, apiVersion.endsWith('/v1') ? uid : undefined, mutating);
    for (const warning of decision.warnings) attributes.warn(warning);
    for (const [key, value] of Object.entries(decision.auditAnnotations)) attributes.audit(`${name}/${key}`, value);
    if (decision.denial) throw decision.denial;
    return decision.patch;
  } catch (error) {
    if (!(error instanceof CallError)) throw error;
    if (failurePolicy === 'Ignore') return undefined;
    const direct = error instanceof InvalidResponse || error instanceof UnusableError;
    throw internalError(`failed calling webhook ${JSON.stringify(name)}: ${direct ? '' : 'failed to call webhook: '}${error.message}`);
  }
}

/** Lets a webhook change the request. True when it did. */
function* change(match: Match, attributes: AdmissionAttributes, context: AdmissionContext): Task<boolean> {
  const meaning = yield* meaningOf(match, context.server, attributes);
  const patch = yield* askOne(match, meaning, attributes, context, true);
  const { object, resource } = attributes;
  if (!patch || patch.length === 0 || !object || !meaning.object) return false;
  const own = context.server.served.find(resource.group, resource.version, resource.resource);
  const isWhole = attributes.kind.kind === own?.info.kind;
  const made = patched(meaning.object, patch, meaning.kind, meaning.served ?? (isWhole ? own : undefined));
  const back = meaning.served && own ? yield* translated(made, meaning.served, own) : made;
  if (sameValue(back, object)) return false;
  replace(attributes, back);
  return true;
}

/** Asks the webhooks that may change a request, one after another. */
export function* askMutating(attributes: AdmissionAttributes, context: AdmissionContext): Task {
  const { reinvocation } = attributes;
  for (const match of matching('mutating', attributes, context)) {
    if (!reinvocation.isDue(match.id) || !conditionsHold(match.webhook, attributes, context)) continue;
    reinvocation.wasAsked(match.id, match.webhook.reinvocationPolicy, yield* change(match, attributes, context));
  }
}

/** Asks the webhooks that may refuse a request, all at once; the first refusal to come counts. */
export function* askValidating(attributes: AdmissionAttributes, context: AdmissionContext): Task {
  const matches = [...matching('validating', attributes, context)].filter(({ webhook }) => conditionsHold(webhook, attributes, context));
  const refusals: StatusError[] = [];
  const ask = function* (match: Match): Task {
    try {
      yield* askOne(match, yield* meaningOf(match, context.server, attributes), attributes, context, false);
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      refusals.push(error);
    }
  };
  const [only] = matches;
  if (matches.length === 1 && only) yield* ask(only);
  else yield* joinAll(matches.map((match) => context.server.kernel.spawn(`webhook ${match.webhook.name}`, ask(match))));
  if (refusals[0]) throw refusals[0];
}
