const fractional = /[mun]$/;

/** Amounts of bytes that are no whole number. */
export function fractionalWarnings(amounts: Readonly<Record<string, string | number>> | undefined, path: string, names: readonly string[], out: string[]): void {
  if (!amounts) return;
  for (const name of names) {
    const text = String(amounts[name] ?? '');
    if (fractional.test(text)) out.push(`${path}[${name}]: fractional byte value ${JSON.stringify(text)} is invalid, must be an integer`);
  }
}
