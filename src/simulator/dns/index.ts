export { type CoreDnsOptions, createCoreDns } from './coredns';
export { runOutsideResolver } from './outside';
export { CorefileError, type Directive, parseCorefile, type ServerBlock } from './corefile';
