import { type RefObject, useLayoutEffect, useRef } from 'react';

/** Milliseconds that a Pod takes from one place to the next. */
const flightTime = 420;
/** When more than these move at once, the eye can follow none: all of them just stand where they belong. */
const mostFlights = 12;

interface Stand {
  readonly place: string;
  readonly rect: DOMRect;
}

/**
 * Lets what carries data-flight="name" data-place="where" move visibly from its old place to its new one, when `change`
 * (any value) changes. What only makes room for others does not move. Nothing does under prefers-reduced-motion.
 */
export function useFlight(root: RefObject<HTMLElement | null>, change: unknown): void {
  const before = useRef<ReadonlyMap<string, Stand>>(new Map());
  useLayoutEffect(() => {
    const element = root.current;
    if (element === null) return;
    const after = new Map<string, Stand>();
    const moved: { readonly child: HTMLElement; readonly from: DOMRect; readonly to: DOMRect }[] = [];
    for (const child of element.querySelectorAll<HTMLElement>('[data-flight]')) {
      const { flight = '', place = '' } = child.dataset;
      const rect = child.getBoundingClientRect();
      after.set(flight, { place, rect });
      const old = before.current.get(flight);
      if (old !== undefined && old.place !== place) moved.push({ child, from: old.rect, to: rect });
    }
    before.current = after;
    if (moved.length > mostFlights || window.matchMedia('(prefers-reduced-motion: reduce)').matches) return;
    for (const { child, from, to } of moved) {
      child.animate([{ transform: `translate(${from.left - to.left}px, ${from.top - to.top}px)` }, { transform: 'none' }], { duration: flightTime, easing: 'cubic-bezier(0.3, 0.7, 0.2, 1)' });
    }
  }, [root, change]);
}
