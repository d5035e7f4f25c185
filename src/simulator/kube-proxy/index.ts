export { endpointChain, serviceChain } from './chain-names';
export { type IptablesTable, iptablesSave, type ListingInput } from './listing';
export { PolicyFilter, type PolicyEnforcerOptions, runPolicyEnforcer } from './network-policy';
export { createKubeProxy, type KubeProxy, type KubeProxyOptions } from './proxy';
export { isProxied, type Place, ruleOf, type ServicePortInfo, servicePorts } from './service-port';
