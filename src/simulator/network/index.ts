export { formatAddress, isIpAddress, isLoopback, parseAddress, parseRange, rangeHolds, type AddressRange } from './addresses';
export * from './dns-message';
export * from './http';
export * from './interface';
export * from './tls';
export { createNetwork } from './network';
export { ownedNamespace, type OwnedNamespace } from './owned';
