import { type CelType, celTypes, sameType } from './types';

/*
 * Types with parameters, as CEL's checker solves them (https://github.com/google/cel-spec: gradual typing): a parameter
 * takes the first type that it meets, dyn goes with everything.
 */
type Solution = ReadonlyMap<string, CelType>;

const mayBeNull = (type: CelType): boolean => type.name === 'null_type' || type.name === 'timestamp' || type.name === 'duration' || type.name === 'optional_type' || type.fields !== undefined || /[.]/.test(type.name);

/** What parameters stand for so far. */
export class Solver {
  private known: Map<string, CelType> = new Map();
  private count = 0;

  /** A type in which parameters are new ones; the same letter is the same parameter. */
  fresh(letters: Map<string, CelType>, type: CelType): CelType {
    if (type.parameter !== undefined) {
      let own = letters.get(type.parameter);
      if (!own) letters.set(type.parameter, (own = this.parameter()));
      return own;
    }
    if (!type.element && !type.key) return type;
    return { ...type, ...(type.element && { element: this.fresh(letters, type.element) }), ...(type.key && { key: this.fresh(letters, type.key) }) };
  }

  parameter(): CelType {
    return { name: 'parameter', parameter: `#${this.count++}` };
  }

  snapshot(): Solution {
    return new Map(this.known);
  }

  restore(solution: Solution): void {
    this.known = new Map(solution);
  }

  /** The type with what is known of its parameters; those that are not stay. */
  resolve(type: CelType): CelType {
    if (type.parameter !== undefined) {
      const own = this.known.get(type.parameter);
      return own ? this.resolve(own) : type;
    }
    if (!type.element && !type.key) return type;
    return { ...type, ...(type.element && { element: this.resolve(type.element) }), ...(type.key && { key: this.resolve(type.key) }) };
  }

  /** Whether a value of `from` may stand where `to` is asked for; solves parameters on the way. */
  assign(from: CelType, to: CelType): boolean {
    const [a, b] = [this.resolve(from), this.resolve(to)];
    if (b.parameter !== undefined || a.parameter !== undefined) {
      if (a.parameter === b.parameter) return true;
      if (b.parameter !== undefined) this.known.set(b.parameter, a);
      else this.known.set(a.parameter as string, b);
      return true;
    }
    if (a.name === 'dyn' || b.name === 'dyn') return true;
    if (a.name === 'null_type' || b.name === 'null_type') return mayBeNull(a) && mayBeNull(b);
    if (a.name !== b.name) return false;
    if (a.name === 'type') return true;
    if (a.fields && b.fields && a.fields !== b.fields) return false;
    if (a.key && b.key && !this.assign(a.key, b.key)) return false;
    return !(a.element && b.element) || this.assign(a.element, b.element);
  }

  /** The same, undone when it does not hold. */
  try(from: CelType, to: CelType): boolean {
    const before = this.snapshot();
    if (this.assign(from, to)) return true;
    this.restore(before);
    return false;
  }

  /** The type of a list's items after one more; dyn when they have nothing in common. */
  join(before: CelType | undefined, next: CelType): CelType {
    if (!before) return next;
    if (!this.try(next, before)) return celTypes.dyn;
    return this.resolve(before).name === 'dyn' || sameType(this.resolve(before), this.resolve(next)) ? before : this.resolve(next).name === 'dyn' ? celTypes.dyn : before;
  }
}
