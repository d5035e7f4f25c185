/** Header fields in the order and spelling of the message. */
export type HttpHeaders = readonly (readonly [name: string, value: string])[];

/** The first field of that name, however it is spelt. */
export function headerOf(headers: HttpHeaders, name: string): string | undefined {
  for (const [key, value] of headers) if (key.length === name.length && key.toLowerCase() === name) return value;
  return undefined;
}

/** Whether a comma-separated field holds the token, both in lower case. */
export const headerHas = (headers: HttpHeaders, name: string, token: string): boolean =>
  (headerOf(headers, name) ?? '').toLowerCase().split(',').some((part) => part.trim() === token);

/** Without the fields of these names (in lower case). */
export const withoutHeaders = (headers: HttpHeaders, names: readonly string[]): HttpHeaders => headers.filter(([name]) => !names.includes(name.toLowerCase()));
