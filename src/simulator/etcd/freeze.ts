/** Freezes a value and everything in it; what is frozen already is shared and not walked again. */
export function deepFreeze(value: object): void {
  Object.freeze(value);
  for (const key in value) {
    const part = (value as Readonly<Record<string, unknown>>)[key];
    if (typeof part === 'object' && part !== null && !Object.isFrozen(part)) deepFreeze(part);
  }
}
