import { type IngressClass, type IngressClassSpec, isDns1123Label, isDns1123Subdomain } from '../../../../api';
import { type Errors, pathSegmentReasons } from '../../../field';
import { age, nameOf, orNone } from '../../cells';
import type { ResourceDefinition } from '../../definition';
import { bumpGeneration, checkImmutable, collect, specPath } from '../../strategy';

function checkSpec({ controller = '', parameters }: IngressClassSpec, errors: Errors): void {
  const at = specPath.child('controller');
  if (controller === '') errors.required(at);
  else {
    if (controller.length > 250) errors.tooLong(at, 250);
    const [domain = '', ...rest] = controller.split('/');
    if (rest.length === 0 || domain === '' || rest.join('/') === '') errors.invalid(at, controller, 'must be a domain-prefixed path (such as "acme.io/foo")');
    else errors.invalidEach(at, domain, isDns1123Subdomain(domain));
  }
  if (!parameters) return;
  const path = specPath.child('parameters');
  if (parameters.apiGroup !== undefined) errors.invalidEach(path.child('apiGroup'), parameters.apiGroup, isDns1123Subdomain(parameters.apiGroup));
  if ((parameters.kind ?? '') === '') errors.required(path.child('kind'));
  else errors.invalidEach(path.child('kind'), parameters.kind, pathSegmentReasons(parameters.kind));
  if ((parameters.name ?? '') === '') errors.required(path.child('name'));
  else errors.invalidEach(path.child('name'), parameters.name, pathSegmentReasons(parameters.name));
  const { scope, namespace } = parameters;
  if (scope === undefined) return errors.required(path.child('scope'));
  if (scope !== 'Cluster' && scope !== 'Namespace') errors.notSupported(path.child('scope'), scope, ['Cluster', 'Namespace']);
  if (scope === 'Namespace') {
    if (namespace === undefined) errors.required(path.child('namespace'), "`parameters.scope` is set to 'Namespace'");
    else errors.invalidEach(path.child('namespace'), namespace, isDns1123Label(namespace));
  }
  if (scope === 'Cluster' && namespace !== undefined) errors.forbidden(path.child('namespace'), "`parameters.scope` is set to 'Cluster'");
}

/** IngressClasses: who serves which Ingresses. */
export const ingressclasses: ResourceDefinition<IngressClass> = {
  group: 'networking.k8s.io',
  resource: 'ingressclasses',
  applyDefaults: (draft) => {
    const parameters = (draft['spec'] as { parameters?: Record<string, unknown> } | undefined)?.parameters;
    if (parameters) parameters['scope'] ??= 'Cluster';
  },
  prepareForCreate: (draft) => void (draft.metadata['generation'] = 1),
  validateCreate: ({ spec }) => collect((errors) => checkSpec(spec ?? {}, errors)),
  prepareForUpdate: (draft, old) => bumpGeneration(draft, old),
  validateWhole: ({ spec }) => collect((errors) => checkSpec(spec ?? {}, errors)),
  validateUpdate: ({ spec }, old) =>
    collect((errors) => {
      checkImmutable(spec?.controller, old.spec?.controller, specPath.child('controller'), errors, spec?.controller ?? '');
    }),
  cells: (own, now) => {
    const parameters = own.spec?.parameters;
    const text = parameters ? `${parameters.kind}${(parameters.apiGroup ?? '') === '' ? '' : `.${parameters.apiGroup ?? ''}`}/${parameters.name}` : '';
    return [nameOf(own), own.spec?.controller ?? '', orNone(text), age(own, now)];
  },
};
