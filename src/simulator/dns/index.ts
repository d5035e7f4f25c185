export { type CoreDnsOptions, createCoreDns } from './coredns';
export { CorefileError, type Directive, parseCorefile, type ServerBlock } from './corefile';
