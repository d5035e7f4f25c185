import type { Text } from '../../grading/text';

/** What a reader sees, in both languages of the course: the compiler refuses one without the other. */
export type { Text };

export type Locale = keyof Text;
