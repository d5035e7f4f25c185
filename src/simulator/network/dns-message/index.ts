export { decodeMessage } from './decode';
export { encodeMessage } from './encode';
export { type DnsMessage, type DnsQuestion, type DnsRecord, type DnsType, type ResponseCode, reverseName, typeNumber } from './message';
