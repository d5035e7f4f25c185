export { percentOf, scaledValue } from './int-or-string';
export { formatCidr, formatIp, type IpAddress, type IpNetwork, networkAddress, networkContains, parseCidr, parseIp } from './ip';
export { timeError } from './time';
