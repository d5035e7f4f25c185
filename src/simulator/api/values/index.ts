export { percentOf, scaledValue } from './int-or-string';
export { cidrProblems, formatCidr, formatIp, type IpAddress, type IpNetwork, ipProblems, networkAddress, networkContains, parseCidr, parseIp, parseLegacyIp } from './ip';
export { timeError } from './time';
