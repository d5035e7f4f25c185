/** One sample of the Prometheus text format. */
export interface Sample {
  readonly name: string;
  readonly labels: string;
  readonly value: number;
}

/** The samples of a page in the Prometheus text format (version 0.0.4); undefined if some line is none of it. */
export function parseMetrics(page: string): readonly Sample[] | undefined {
  const samples: Sample[] = [];
  for (const line of page.split('\n')) {
    if (line.trim() === '' || line.startsWith('#')) continue;
    const match = /^([a-zA-Z_:][\w:]*)(\{[^}]*\})?\s+([-+]?(?:\d+\.?\d*(?:e[-+]?\d+)?|NaN|Inf))(?:\s+\d+)?$/i.exec(line.trim());
    if (!match) return undefined;
    samples.push({ name: match[1] as string, labels: match[2] ?? '', value: Number(match[3]) });
  }
  return samples;
}
