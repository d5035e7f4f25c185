import type { Duration } from '../kernel';

/** How well one point reaches another. */
export interface LinkQuality {
  /** One way. */
  readonly delay: Duration;
  /** Share of packets lost, 0…1. */
  readonly loss: number;
  readonly cut: boolean;
}

/** What a host sets: fields that are absent stay as they were. */
export interface LinkSetting {
  readonly delay?: Duration;
  readonly loss?: number;
  readonly cut?: boolean;
}

const perfect: LinkQuality = { delay: 0, loss: 0, cut: false };
const key = (a: string, b: string): string => (a < b ? `${a}\n${b}` : `${b}\n${a}`);

/** The settings between named points. `version` grows with each change, so that paths can keep what they computed. */
export class Links {
  version = 0;
  private readonly settings = new Map<string, LinkQuality>();

  set(a: string, b: string, link: LinkSetting): void {
    const before = this.settings.get(key(a, b)) ?? perfect;
    const next = { delay: link.delay ?? before.delay, loss: link.loss ?? before.loss, cut: link.cut ?? before.cut };
    if (next.delay === 0 && next.loss === 0 && !next.cut) this.settings.delete(key(a, b));
    else this.settings.set(key(a, b), next);
    this.version += 1;
  }

  /** Adds up what is set between any name of one point and any of the other. */
  between(from: readonly string[], to: readonly string[], delay: Duration): LinkQuality {
    if (this.settings.size === 0) return { delay, loss: 0, cut: false };
    let arriving = 1;
    let cut = false;
    const keys = new Set<string>();
    for (const a of [...from, '*']) for (const b of [...to, '*']) if (a !== b) keys.add(key(a, b));
    for (const name of keys) {
      const link = this.settings.get(name);
      if (!link) continue;
      delay += link.delay;
      arriving *= 1 - link.loss;
      cut ||= link.cut;
    }
    return { delay, loss: 1 - arriving, cut };
  }
}
