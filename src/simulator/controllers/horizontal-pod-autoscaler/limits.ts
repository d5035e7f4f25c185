import type { HorizontalPodAutoscaler, HPAScalingRules } from '../../api';
import { type Duration, seconds, type Time } from '../../kernel';

interface Recommendation {
  readonly replicas: number;
  readonly at: Time;
}

interface Change {
  readonly by: number;
  readonly at: Time;
}

/** How far a recommendation was followed, and the conditions that say so. */
export interface Limited {
  readonly replicas: number;
  readonly ableToScale: readonly [reason: string, message: string];
  readonly limited: readonly [status: string, reason: string, message: string];
}

const defaultUp: Required<Pick<HPAScalingRules, 'stabilizationWindowSeconds' | 'selectPolicy' | 'policies'>> = {
  stabilizationWindowSeconds: 0, selectPolicy: 'Max', policies: [{ type: 'Percent', value: 100, periodSeconds: 15 }, { type: 'Pods', value: 4, periodSeconds: 15 }],
};
const defaultDown = { stabilizationWindowSeconds: 300, selectPolicy: 'Max', policies: [{ type: 'Percent', value: 100, periodSeconds: 15 }] };

/** What one autoscaler has recommended and done lately. */
export class History {
  private recommendations: Recommendation[] = [];
  private changes: Change[] = [];

  /** Remembers that the target was scaled. */
  scaled(by: number, now: Time): void {
    this.changes = [...this.changes.filter(({ at }) => now - at < seconds(1800)), { by, at: now }];
  }

  /** Holds a recommendation back by the windows and rates of spec.behavior, and within the bounds. */
  limit({ spec }: HorizontalPodAutoscaler, current: number, wanted: number, now: Time): Limited {
    const up = { ...defaultUp, ...spec?.behavior?.scaleUp };
    const down = { ...defaultDown, ...spec?.behavior?.scaleDown };
    const stable = this.stabilize(current, wanted, seconds(up.stabilizationWindowSeconds), seconds(down.stabilizationWindowSeconds), now);
    const ableToScale = stable === wanted
      ? (['ReadyForNewScale', 'recommended size matches current size'] as const)
      : stable > wanted
        ? (['ScaleDownStabilized', 'recent recommendations were higher than current one, applying the highest recent recommendation'] as const)
        : (['ScaleUpStabilized', 'recent recommendations were lower than current one, applying the lowest recent recommendation'] as const);
    const minimum = spec?.minReplicas ?? 1;
    const maximum = spec?.maxReplicas ?? 1;
    if (stable > current) {
      const rate = this.upLimit(up, current, now);
      if (rate < stable && rate < maximum) return { replicas: Math.max(rate, current), ableToScale, limited: ['True', 'ScaleUpLimit', 'the desired replica count is increasing faster than the maximum scale rate'] };
    } else if (stable < current) {
      const rate = this.downLimit(down, current, now);
      if (rate > stable && rate > minimum) return { replicas: Math.min(rate, current), ableToScale, limited: ['True', 'ScaleDownLimit', 'the desired replica count is decreasing faster than the maximum scale rate'] };
    }
    if (stable > maximum) return { replicas: maximum, ableToScale, limited: ['True', 'TooManyReplicas', 'the desired replica count is more than the maximum replica count'] };
    if (stable < minimum) return { replicas: minimum, ableToScale, limited: ['True', 'TooFewReplicas', 'the desired replica count is less than the minimum replica count'] };
    return { replicas: stable, ableToScale, limited: ['False', 'DesiredWithinRange', 'the desired count is within the acceptable range'] };
  }

  private stabilize(current: number, wanted: number, up: Duration, down: Duration, now: Time): number {
    const window = Math.max(up, down);
    this.recommendations = [...this.recommendations.filter(({ at }) => now - at < window), { replicas: wanted, at: now }];
    const within = (limit: Duration) => this.recommendations.filter(({ at }) => now - at < limit).map(({ replicas }) => replicas);
    const lowest = Math.min(wanted, ...within(up));
    const highest = Math.max(wanted, ...within(down));
    return Math.min(Math.max(current, lowest), highest);
  }

  /** How many the target had a while ago, by what was changed since. */
  private before(current: number, period: Duration, now: Time, sign: 1 | -1): number {
    return this.changes.filter(({ at, by }) => now - at < period && Math.sign(by) === sign).reduce((sum, { by }) => sum - by, current);
  }

  private upLimit({ policies, selectPolicy }: HPAScalingRules, current: number, now: Time): number {
    if (selectPolicy === 'Disabled') return current;
    const limits = (policies ?? []).map(({ type, value, periodSeconds }) => {
      const start = this.before(current, seconds(periodSeconds), now, 1);
      return type === 'Pods' ? start + value : Math.ceil(start * (1 + value / 100));
    });
    return selectPolicy === 'Min' ? Math.min(...limits) : Math.max(...limits);
  }

  private downLimit({ policies, selectPolicy }: HPAScalingRules, current: number, now: Time): number {
    if (selectPolicy === 'Disabled') return current;
    const limits = (policies ?? []).map(({ type, value, periodSeconds }) => {
      const start = this.before(current, seconds(periodSeconds), now, -1);
      return type === 'Pods' ? start - value : Math.floor(start * (1 - value / 100));
    });
    return selectPolicy === 'Min' ? Math.max(...limits) : Math.min(...limits);
  }
}
