/** Where etcd has FlowSchemas. */
export const flowSchemas = '/registry/flowschemas/';
/** Where etcd has PriorityLevelConfigurations. */
export const priorityLevels = '/registry/prioritylevelconfigurations/';
