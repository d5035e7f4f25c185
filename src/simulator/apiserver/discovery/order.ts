const versionPattern = /^v(\d+)(?:(alpha|beta)(\d+))?$/;

/** Kubernetes' order of versions: GA before beta before alpha, newer first, others last by name. */
export function compareVersions(a: string, b: string): number {
  const left = versionPattern.exec(a);
  const right = versionPattern.exec(b);
  if (!left || !right) return left ? -1 : right ? 1 : a < b ? -1 : 1;
  const rank = (match: RegExpExecArray) => (match[2] === undefined ? 2 : match[2] === 'beta' ? 1 : 0);
  return rank(right) - rank(left) || Number(right[1]) - Number(left[1]) || Number(right[3] ?? 0) - Number(left[3] ?? 0);
}
