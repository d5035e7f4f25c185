import { decodeValue, type TypeSchema } from '../../api';
import type { Draft } from '../resources/definition';
import { anomaly, forgetEmpties, hasEmpties, writtenCopy } from './draft';

/** A draft as it will be written: itself, or a copy without its empty optional lists and maps. */
export function written(type: TypeSchema, draft: Draft): Draft {
  if (!hasEmpties(draft)) return draft;
  const copy = writtenCopy(type, draft);
  return (copy === anomaly ? decodeValue(type, draft).object : copy) as Draft;
}

/** Takes empty optional lists and maps out of a draft that has been checked. */
export function dropEmpties(type: TypeSchema, draft: Draft): void {
  const clean = written(type, draft);
  if (clean === draft) return;
  forgetEmpties(draft);
  for (const name in draft) if (!(name in clean)) delete draft[name];
  Object.assign(draft, clean);
}
