import type { Fields } from '../../fields';
import { markTyped } from '../../print/typed';

/** A kubeconfig whose JSON has its fields in the order in which they are written down. */
export const asTypedConfig = (object: Fields): Fields => markTyped(object);
