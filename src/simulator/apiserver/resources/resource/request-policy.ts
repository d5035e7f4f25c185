import { Amount, type CapacityRequestPolicy, type CapacityRequestPolicyRange, type DeviceCapacity, parseQuantity } from '../../../api';
import type { Errors, Path } from '../../field';
import { checkItems } from './names';

const valueLimit = 10;
const amountOf = (quantity: unknown): Amount | undefined => (quantity === undefined || quantity === null ? undefined : parseQuantity(String(quantity)));

function checkStep(step: Amount, min: Amount, capacity: Amount, consumed: readonly (Amount | undefined)[], path: Path, errors: Errors): void {
  const first = new Amount(min.nano + step.nano, min.format);
  if (first.nano > capacity.nano) errors.invalid(path, step.toString(), `one step ${first} is larger than capacity value: ${capacity}`);
  for (const amount of consumed) {
    if (amount && step.nano !== 0n && (amount.nano - min.nano) % step.nano !== 0n) errors.invalid(path, amount.toString(), `value is not a multiple of a given step (${step}) from (${min})`);
  }
}

function checkRange(range: CapacityRequestPolicyRange, byDefault: Amount, capacity: Amount, path: Path, errors: Errors): void {
  const [min, max, step] = [amountOf(range.min), amountOf(range.max), amountOf(range.step)];
  if (!min) return errors.required(path.child('min'), 'required when validRange is defined');
  if (min.nano > capacity.nano) errors.invalid(path.child('min'), min.toString(), `min is larger than capacity value: ${capacity}`);
  if (byDefault.nano < min.nano) errors.invalid(path.child('min'), byDefault.toString(), `default is less than min: ${min}`);
  if (max) {
    if (min.nano > max.nano) errors.invalid(path.child('max'), min.toString(), `min is larger than max: ${max}`);
    if (max.nano > capacity.nano) errors.invalid(path.child('max'), max.toString(), `max is larger than capacity value: ${capacity}`);
    if (byDefault.nano > max.nano) errors.invalid(path.child('max'), byDefault.toString(), `default is more than max: ${max}`);
  }
  if (step) checkStep(step, min, capacity, [byDefault, max], path.child('step'), errors);
}

function checkValues(quantities: readonly unknown[], byDefault: Amount, capacity: Amount, path: Path, errors: Errors): void {
  const values = quantities.map((quantity) => parseQuantity(String(quantity)));
  let last: Amount | undefined;
  checkItems(values, valueLimit, path, errors, (value, at) => {
    if (value.nano > capacity.nano) errors.invalid(at, value.toString(), `option is larger than capacity value: ${capacity}`);
    if (last && value.nano < last.nano) errors.invalid(at, value.toString(), 'values must be sorted in ascending order');
    last = value;
  }, (value) => value.toString());
  if (!values.some(({ nano }) => nano === byDefault.nano)) errors.invalid(path, byDefault.toString(), 'default value is not valid according to the requestPolicy');
}

function checkPolicy(policy: CapacityRequestPolicy, capacity: Amount, path: Path, errors: Errors): void {
  const { validRange, validValues = [] } = policy;
  if (validValues.length > 0 && validRange) return errors.forbidden(path, 'exactly one policy can be specified, cannot specify "validValues" and "validRange" at the same time');
  const byDefault = amountOf(policy.default);
  if (validValues.length > 0) {
    if (byDefault) checkValues(validValues, byDefault, capacity, path.child('validValues'), errors);
    else errors.required(path.child('default'), 'required when validValues is defined');
  }
  if (validRange) {
    if (byDefault) checkRange(validRange, byDefault, capacity, path.child('validRange'), errors);
    else errors.required(path.child('default'), 'required when validRange is defined');
  }
}

/** Checks how much of a capacity a request may take (KEP-5075). */
export function checkCapacity({ value, requestPolicy }: DeviceCapacity, shared: boolean, path: Path, errors: Errors): void {
  if (!requestPolicy) return;
  const at = path.child('requestPolicy');
  if (shared) checkPolicy(requestPolicy, parseQuantity(String(value)), at, errors);
  else errors.forbidden(at, 'allowMultipleAllocations must be true');
}
