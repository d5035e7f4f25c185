/** What is wrong with one field, in the words of k8s.io field errors; see fieldErrors() for the Status they make. */
export interface FieldError {
  readonly type: 'FieldValueRequired' | 'FieldValueInvalid' | 'FieldValueNotSupported' | 'FieldValueDuplicate' | 'FieldValueForbidden' | 'FieldValueTooLong' | 'FieldValueTooMany' | 'FieldValueNotFound' | 'InternalError' | 'FieldValueTypeInvalid';
  /** spec.containers[0].image */
  readonly field: string;
  /** As causes show it: `Invalid value: "x": must be …` */
  readonly message: string;
}
