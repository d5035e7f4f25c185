import { cellWidth } from '../process/terminal';

/** How many cells a text takes. */
export const width = (text: string): number => {
  let cells = 0;
  for (const character of text) cells += cellWidth(character.codePointAt(0) as number);
  return cells;
};

/** A prompt as it is seen: what stands between \x01 and \x02, and escape sequences, takes no room. */
export const visible = (prompt: string): string => prompt.replace(/\x01[^\x02]*\x02/g, '').replace(/\x1b\[[0-9;]*[A-Za-z]/g, '').replace(/[\x01\x02]/g, '');
