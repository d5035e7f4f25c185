/** What a learner reads. The compiler refuses one language without the other. */
export interface Text {
  readonly ko: string;
  readonly en: string;
}

/** The languages of the course; Korean is the first. */
export type Language = keyof Text;

/** A text in both languages. `{}` in it are filled, in order, with the values (a Text value by its language). */
export function text(ko: string, en: string, ...values: readonly (string | number | Text)[]): Text {
  const fill = (language: Language, pattern: string): string => {
    let index = 0;
    return pattern.replace(/\{\}/g, () => {
      const value = values[index++];
      return value === undefined ? '{}' : typeof value === 'object' ? value[language] : String(value);
    });
  };
  return { ko: fill('ko', ko), en: fill('en', en) };
}
