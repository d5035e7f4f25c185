import type { Text } from '../grading/text';

/** Short type name → field → what it means; under the empty name, what the type itself is. */
export type FieldDocs = Readonly<Record<string, Readonly<Record<string, Text>>>>;
