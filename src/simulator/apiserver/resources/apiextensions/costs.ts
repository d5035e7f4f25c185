import type { Errors, Path } from '../../field';

/** What one rule may cost, asked as often as it can be (KEP-2876). */
const ruleLimit = 10_000_000;
/** What all rules of a schema may cost together. */
const totalLimit = 100_000_000;
/** So many of the most expensive rules are named, but none that hardly counts. */
const named = 4;
const smallestShare = 0.01;

const advice = '(try simplifying the rule, or adding maxItems, maxProperties, and maxLength where arrays, maps, and strings are declared)';

/** By how much a cost is too high. */
function exceeded(what: string, cost: number, limit: number): string {
  const factor = cost / limit;
  const said = factor > 100 ? 'more than 100' : factor.toFixed(factor < 1.5 ? 6 : 1);
  return `${what} exceeds budget by factor of ${said}x ${advice}`;
}

/** The estimated costs of a schema's rules. */
export class RuleCosts {
  private readonly costs: { readonly cost: number; readonly path: Path }[] = [];

  /** Counts a rule; refuses one that is too expensive by itself. */
  add(cost: number, path: Path, errors: Errors): void {
    this.costs.push({ cost, path });
    if (cost > ruleLimit) errors.forbidden(path, exceeded('estimated rule cost', cost, ruleLimit));
  }

  /** Refuses rules that are too expensive together. */
  check(path: Path, errors: Errors): void {
    const total = this.costs.reduce((sum, { cost }) => sum + cost, 0);
    if (total <= totalLimit) return;
    const greatest = [...this.costs].sort((one, other) => other.cost - one.cost).slice(0, named);
    for (const { cost, path: at } of greatest) if (cost >= totalLimit * smallestShare) errors.forbidden(at, 'contributed to estimated rule cost total exceeding cost limit for entire OpenAPIv3 schema');
    errors.forbidden(path, exceeded('x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema', total, totalLimit));
  }
}
