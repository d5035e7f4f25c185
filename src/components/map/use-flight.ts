import { type RefObject, useLayoutEffect, useRef } from 'react';

/** Milliseconds that a Pod takes from one place to the next. */
const flightTime = 420;

/**
 * Lets what carries data-flight="name" move visibly from where it stood to where it stands now, when `place` (any value
 * that changes with the layout) changes. Nothing moves under prefers-reduced-motion.
 */
export function useFlight(root: RefObject<HTMLElement | null>, place: unknown): void {
  const before = useRef<ReadonlyMap<string, DOMRect>>(new Map());
  useLayoutEffect(() => {
    const element = root.current;
    if (element === null) return;
    const still = window.matchMedia('(prefers-reduced-motion: reduce)').matches;
    const after = new Map<string, DOMRect>();
    for (const child of element.querySelectorAll<HTMLElement>('[data-flight]')) {
      const name = child.dataset['flight'] ?? '';
      const rect = child.getBoundingClientRect();
      after.set(name, rect);
      const old = before.current.get(name);
      if (still) continue;
      if (old === undefined) {
        if (before.current.size > 0) child.animate([{ opacity: 0, transform: 'scale(0.96)' }, { opacity: 1, transform: 'none' }], { duration: 200 });
      } else if (Math.abs(old.left - rect.left) + Math.abs(old.top - rect.top) > 2) {
        child.animate([{ transform: `translate(${old.left - rect.left}px, ${old.top - rect.top}px)` }, { transform: 'none' }], { duration: flightTime, easing: 'cubic-bezier(0.3, 0.7, 0.2, 1)' });
      }
    }
    before.current = after;
  }, [root, place]);
}
