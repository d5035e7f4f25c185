/** Whether a value (undefined: there is none) meets In, NotIn, Exists or DoesNotExist; undefined for other operators. */
export function meets(operator: string, value: string | undefined, values: readonly string[]): boolean | undefined {
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    default:
      return undefined;
  }
}
