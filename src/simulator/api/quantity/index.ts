export { Amount, type QuantityFormat, zeroAmount } from './amount';
export { amountOf, canonicalQuantity, milliAmountOf, parseQuantity, QuantityError } from './parse';
