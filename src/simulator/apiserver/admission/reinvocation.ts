/**
 * Which webhooks and policies see a request a second time, because another one changed it after them (kubernetes.io: Reinvocation
 * policy). The mutating plugins run twice at most.
 */
export class Reinvocation {
  /** It is the second time. */
  again = false;
  private changes = false;
  /** Those that want to be asked again, of those that were asked. */
  private asked: Set<string> | undefined;
  /** Those that are to be. */
  private due: Set<string> | undefined;

  /** Whether anything was changed. */
  get wanted(): boolean {
    return this.changes;
  }

  /** Whether somebody is to be asked now. */
  isDue(id: string): boolean {
    return !this.again || this.due?.has(id) === true;
  }

  /** Somebody was asked, and changed the object or did not. */
  wasAsked(id: string, policy: string | undefined, changed: boolean): void {
    if (changed) {
      this.changes = true;
      if (this.asked) for (const one of this.asked) (this.due ??= new Set()).add(one);
    }
    this.due?.delete(id);
    if (policy === 'IfNeeded') (this.asked ??= new Set()).add(id);
  }
}
