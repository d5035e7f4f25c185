/** What two OpenAPI documents share that differ in their words only: 64 hex digits. */
export function digestOf(document: unknown): string;
