import { type RefObject, useEffect } from 'react';

/**
 * Lets the keyboard out of what swallows Tab (editor, terminal): after Esc, the next Tab or Shift-Tab is the browser's.
 */
export function useEscapeHatch(frame: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const element = frame.current;
    if (element === null) return undefined;
    let escaped = false;
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.key === 'Tab' && escaped) event.stopPropagation();
      if (event.key !== 'Shift') escaped = event.key === 'Escape';
    };
    const onBlur = (): void => {
      escaped = false;
    };
    element.addEventListener('keydown', onKeyDown, true);
    element.addEventListener('focusout', onBlur);
    return () => {
      element.removeEventListener('keydown', onKeyDown, true);
      element.removeEventListener('focusout', onBlur);
    };
  }, [frame]);
}
