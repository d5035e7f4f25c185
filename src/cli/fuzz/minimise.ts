import type { FuzzRequest, Scenario } from './requests';

type Path = readonly (string | number)[];

function* pathsOf(value: unknown, path: Path = []): IterableIterator<Path> {
  if (typeof value !== 'object' || value === null) return;
  const keys = Array.isArray(value) ? [...value.keys()].reverse() : Object.keys(value);
  for (const key of keys) yield [...path, key];
  for (const key of keys) yield* pathsOf((value as Record<string | number, unknown>)[key], [...path, key]);
}

/** The value without what is at the path; undefined when nothing is. */
function without(value: unknown, [key, ...rest]: Path): unknown {
  if (typeof value !== 'object' || value === null || key === undefined || !(key in value)) return undefined;
  const below = rest.length === 0 ? undefined : without((value as Record<string | number, unknown>)[key], rest);
  if (rest.length > 0 && below === undefined) return undefined;
  if (Array.isArray(value)) return rest.length === 0 ? value.filter((_, at) => at !== key) : value.map((one: unknown, at) => (at === key ? below : one));
  if (rest.length > 0) return { ...value, [key]: below };
  return Object.fromEntries(Object.entries(value).filter(([name]) => name !== key));
}

/** Whether a request still says what it is about. */
function whole({ method, body, type }: FuzzRequest): boolean {
  if (method === 'PATCH' && type !== 'application/apply-patch+yaml') return true;
  if (method === 'DELETE') return (body as { dryRun?: unknown } | undefined)?.dryRun !== undefined;
  const { apiVersion, kind, metadata } = body as { apiVersion?: unknown; kind?: unknown; metadata?: { name?: unknown; generateName?: unknown } };
  return apiVersion !== undefined && kind !== undefined && (metadata?.name !== undefined || metadata?.generateName !== undefined);
}

async function smallest(request: FuzzRequest, fails: (request: FuzzRequest) => Promise<boolean>): Promise<FuzzRequest> {
  let failing = request;
  for (let shrunk = true; shrunk; ) {
    shrunk = false;
    for (const path of [...pathsOf(failing.body)]) {
      const body = without(failing.body, path);
      if (body === undefined) continue;
      const candidate = { ...failing, body };
      if ((whole(failing) && !whole(candidate)) || !(await fails(candidate))) continue;
      failing = candidate;
      shrunk = true;
    }
  }
  return failing;
}

/** A scenario of one attempt made as small as still fails, by leaving parts out. */
export async function minimised(scenario: Scenario, fails: (scenario: Scenario) => Promise<boolean>): Promise<Scenario> {
  let failing = scenario;
  for (const list of ['attempts', 'setup'] as const) {
    for (const at of failing[list].keys()) {
      const having = (request: FuzzRequest): Scenario => ({ ...failing, [list]: failing[list].map((one, index) => (index === at ? request : one)) });
      failing = having(await smallest(failing[list][at] as FuzzRequest, (request) => fails(having(request))));
    }
  }
  return failing;
}
