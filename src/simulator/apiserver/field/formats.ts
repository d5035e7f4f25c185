/** Why a text does not have a format: nothing when it has. */
export type Reasons = readonly string[];

const fine: Reasons = [];

/** 'must be between 1 and 5, inclusive' */
export const inclusiveRange = (low: number, high: number): string => `must be between ${low} and ${high}, inclusive`;

/** A port's number. */
export const portNumberReasons = (port: number): Reasons => (port >= 1 && port <= 65_535 ? fine : [inclusiveRange(1, 65_535)]);

/** A name that is a segment of a URL path, as RBAC's kinds have them. */
export function pathSegmentReasons(name: string): Reasons {
  if (name === '.') return ["may not be '.'"];
  if (name === '..') return ["may not be '..'"];
  const reasons: string[] = [];
  for (const illegal of ['/', '%']) if (name.includes(illegal)) reasons.push(`may not contain '${illegal}'`);
  return reasons.length === 0 ? fine : reasons;
}

/** A prefix as it is checked: a suffix will follow its trailing hyphen. */
export const maskTrailingDash = (name: string): string => (name.length > 1 && name.endsWith('-') ? `${name.slice(0, -2)}a` : name);

const notNegative: Reasons = ['must be greater than or equal to 0'];

/** A number that is not below zero. */
export const nonNegativeReasons = (value: number): Reasons => (value >= 0 ? fine : notNegative);
