import { isDns1123Label, type MetricIdentifier, type MetricSpec, type MetricTarget, parseQuantity, type Quantity } from '../../../api';
import { type Errors, labelSelectorErrors, pathSegmentReasons, type Path } from '../../field';
import { checkContainerResourceName } from '../pod-spec';

const types = ['ContainerResource', 'External', 'Object', 'Pods', 'Resource'];
const sources = { Object: 'object', External: 'external', Pods: 'pods', Resource: 'resource', ContainerResource: 'containerResource' } as const;

const isPositive = (value: Quantity): boolean => parseQuantity(String(value)).sign > 0;

function checkTarget({ type, value, averageValue, averageUtilization }: MetricTarget, path: Path, errors: Errors): void {
  if (type === '') errors.required(path.child('type'), 'must specify a metric target type');
  if (type !== 'Utilization' && type !== 'Value' && type !== 'AverageValue') errors.invalid(path.child('type'), type, 'must be either Utilization, Value, or AverageValue');
  if (averageUtilization !== undefined && averageUtilization < 1) errors.invalid(path.child('averageUtilization'), averageUtilization, 'must be greater than 0');
  if (value !== undefined && !isPositive(value)) errors.invalid(path.child('value'), String(value), 'must be positive');
  if (averageValue !== undefined && !isPositive(averageValue)) errors.invalid(path.child('averageValue'), String(averageValue), 'must be positive');
}

function checkIdentifier({ name = '', selector }: MetricIdentifier, path: Path, errors: Errors): void {
  if (name === '') errors.required(path.child('name'), 'must specify a metric name');
  else errors.invalidEach(path.child('name'), name, pathSegmentReasons(name));
  if (selector) labelSelectorErrors(selector, path.child('selector'), errors);
}

function checkUtilization({ averageUtilization, averageValue }: MetricTarget, path: Path, errors: Errors): void {
  if (averageUtilization === undefined && averageValue === undefined) errors.required(path.child('averageUtilization'), 'must set either a target raw value or a target utilization');
  if (averageUtilization !== undefined && averageValue !== undefined) errors.forbidden(path.child('averageValue'), 'may not set both a target raw value and a target utilization');
}

function checkSource(metric: MetricSpec, path: Path, errors: Errors): void {
  const { object, pods, resource, containerResource, external } = metric;
  if (object) {
    const at = path.child('object');
    checkReference(object.describedObject, at.child('describedObject'), errors);
    checkIdentifier(object.metric, at.child('metric'), errors);
    checkTarget(object.target, at.child('target'), errors);
    if (object.target.value === undefined && object.target.averageValue === undefined) errors.required(at.child('target').child('averageValue'), 'must set either a target value or averageValue');
  }
  if (external) {
    const at = path.child('external');
    checkIdentifier(external.metric, at.child('metric'), errors);
    checkTarget(external.target, at.child('target'), errors);
    if (external.target.value === undefined && external.target.averageValue === undefined) errors.required(at.child('target').child('averageValue'), 'must set either a target value for metric or a per-pod target');
    if (external.target.value !== undefined && external.target.averageValue !== undefined) errors.forbidden(at.child('target').child('value'), 'may not set both a target value for metric and a per-pod target');
  }
  if (pods) {
    const at = path.child('pods');
    checkIdentifier(pods.metric, at.child('metric'), errors);
    checkTarget(pods.target, at.child('target'), errors);
    if (pods.target.averageValue === undefined) errors.required(at.child('target').child('averageValue'), 'must specify a positive target averageValue');
  }
  if (containerResource) {
    const at = path.child('containerResource');
    if ((containerResource.name ?? '') === '') errors.required(at.child('name'), 'must specify a resource name');
    else checkContainerResourceName(containerResource.name, at.child('name'), errors);
    if ((containerResource.container ?? '') === '') errors.required(at.child('container'), 'must specify a container');
    else errors.invalidEach(at.child('container'), containerResource.container, isDns1123Label(containerResource.container));
    checkTarget(containerResource.target, at.child('target'), errors);
    checkUtilization(containerResource.target, at.child('target'), errors);
  }
  if (resource) {
    const at = path.child('resource');
    if ((resource.name ?? '') === '') errors.required(at.child('name'), 'must specify a resource name');
    checkTarget(resource.target, at.child('target'), errors);
    checkUtilization(resource.target, at.child('target'), errors);
  }
}

interface Reference {
  readonly kind?: string;
  readonly name?: string;
  readonly apiVersion?: string;
}

/** Checks what an autoscaler refers to. */
export function checkReference({ kind = '', name = '' }: Reference, path: Path, errors: Errors): void {
  if (kind === '') errors.required(path.child('kind'));
  else errors.invalidEach(path.child('kind'), kind, pathSegmentReasons(kind));
  if (name === '') errors.required(path.child('name'));
  else errors.invalidEach(path.child('name'), name, pathSegmentReasons(name));
}

/** Checks one metric: its type, and the one source that goes with it. */
export function checkMetric(metric: MetricSpec, path: Path, errors: Errors): void {
  const type = metric.type ?? '';
  if (type === '') errors.required(path.child('type'), 'must specify a metric source type');
  if (!types.includes(type)) errors.notSupported(path.child('type'), type, types);
  const present = Object.values(sources).filter((name) => metric[name] !== undefined);
  const [first] = present;
  if (first) checkSource({ type: metric.type, [first]: metric[first] } as MetricSpec, path, errors);
  const expected = (sources as Readonly<Record<string, keyof MetricSpec>>)[type];
  if (expected === undefined) {
    errors.notSupported(path.child('type'), type, types);
    if (present.length > 1) for (const name of [...present].sort()) errors.forbidden(path.child(name), 'must populate the given metric source only');
    return;
  }
  if (present.length > 1) for (const name of [...present].sort()) if (name !== expected) errors.forbidden(path.child(name), 'must populate the given metric source only');
  if (metric[expected] === undefined) errors.required(path.child(expected), 'must populate information for the given metric source');
}
