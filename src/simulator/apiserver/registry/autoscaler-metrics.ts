type Fields = Readonly<Record<string, unknown>>;
type Parts = Readonly<Record<string, Fields | undefined>>;

/** Metrics as autoscaling/v1's annotations write them: names and amounts side by side where autoscaling/v2 has structs. */
interface Words {
  /** What a metric's amounts are in: what is wanted of it, or what it is. */
  readonly part: 'target' | 'current';
  readonly value: string;
  readonly average: string;
  readonly utilization: string;
  /** Amounts that are written even when nobody gave them. */
  readonly always: readonly string[];
}

const wanted: Words = { part: 'target', value: 'targetValue', average: 'targetAverageValue', utilization: 'targetAverageUtilization', always: ['object'] };
const measured: Words = { part: 'current', value: 'currentValue', average: 'currentAverageValue', utilization: 'currentAverageUtilization', always: ['object', 'pods', 'resource', 'containerResource', 'external'] };

const present = (fields: Fields): Fields => Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

function flat(kind: string, source: Parts & Fields, { part, value, average, utilization, always }: Words): Fields {
  const amounts = source[part] ?? {};
  const { name, selector } = (source['metric'] ?? {}) as { name?: unknown; selector?: unknown };
  const zero = always.includes(kind) ? '0' : undefined;
  switch (kind) {
    case 'object': return { target: source['describedObject'], metricName: name, [value]: amounts['value'] ?? zero, selector, averageValue: amounts['averageValue'] };
    case 'pods': return { metricName: name, [average]: amounts['averageValue'] ?? zero, selector };
    case 'external': return { metricName: name, metricSelector: selector, [value]: amounts['value'] ?? zero, [average]: amounts['averageValue'] };
    default: return { name: source['name'], [utilization]: amounts['averageUtilization'], [average]: amounts['averageValue'] ?? zero, container: source['container'] };
  }
}

function structured(kind: string, source: Fields, { part, value, average, utilization }: Words): Fields {
  const average2 = source[kind === 'object' ? 'averageValue' : average];
  const amounts = present({ value: source[value], averageValue: average2, averageUtilization: source[utilization] });
  const type = source[utilization] !== undefined ? 'Utilization' : average2 !== undefined ? 'AverageValue' : 'Value';
  const described = { [part]: part === 'target' ? { type, ...amounts } : amounts };
  const metric = { metric: present({ name: source['metricName'], selector: source[kind === 'external' ? 'metricSelector' : 'selector'] }) };
  switch (kind) {
    case 'object': return { describedObject: source['target'], ...metric, ...described };
    case 'pods':
    case 'external': return { ...metric, ...described };
    default: return present({ name: source['name'], container: source['container'], ...described });
  }
}

const kinds = ['object', 'pods', 'resource', 'containerResource', 'external'];

const mapped = (metrics: readonly Fields[], change: (kind: string, source: never) => Fields): Fields[] =>
  metrics.map((metric) => Object.fromEntries(Object.entries(metric).map(([name, source]) => [name, kinds.includes(name) ? present(change(name, source as never)) : source])));

/** What is wanted, as an annotation says it. */
export const metricsText = (metrics: readonly object[]): string => JSON.stringify(mapped(metrics as readonly Fields[], (kind, source) => flat(kind, source, wanted)));

/** What is measured, as an annotation says it. */
export const currentMetricsText = (metrics: readonly object[]): string => JSON.stringify(mapped(metrics as readonly Fields[], (kind, source) => flat(kind, source, measured)));

/** A list of such metrics; undefined when the text is none. */
export const parseMetrics = (text: string | undefined): unknown[] | undefined => listOf(text, wanted);

/** The same of what is measured. */
export const parseCurrentMetrics = (text: string | undefined): unknown[] | undefined => listOf(text, measured);

function listOf(text: string | undefined, words: Words): unknown[] | undefined {
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? mapped(value as readonly Fields[], (kind, source) => structured(kind, source, words)) : undefined;
  } catch {
    return undefined;
  }
}
