import type { ClusterRole, PolicyRule } from '../../api';
import { deepEqual, labelMatcher, meta, resources, runController, WorkQueue } from '../../client';
import type { Controller } from '../manager/context';

/** Gives aggregated ClusterRoles the rules of those that they select. */
export const clusterRoleAggregationController: Controller = {
  name: 'clusterrole-aggregation-controller',
  *start({ kernel, client, informers }) {
    const roles = informers.for<ClusterRole>(resources.clusterroles);
    yield* informers.waitSynced();
    const queue = new WorkQueue(kernel);
    const aggregated = () => {
      for (const role of roles.store.values()) if (role.aggregationRule) queue.add(meta(role).name);
    };
    roles.addHandlers({ add: aggregated, update: aggregated, delete: aggregated });
    runController({
      kernel, name: 'clusterrole-aggregation-controller', queue, workers: 5,
      *sync(name) {
        const role = roles.get(undefined, name);
        if (!role?.aggregationRule) return;
        const rules: PolicyRule[] = [];
        const others = roles.store.list().filter((other) => meta(other).name !== name).sort((a, b) => (meta(a).name < meta(b).name ? -1 : 1));
        for (const selector of role.aggregationRule.clusterRoleSelectors ?? []) {
          for (const other of others) {
            if (!labelMatcher(selector)(other.metadata?.labels)) continue;
            for (const rule of other.rules ?? []) if (!rules.some((known) => deepEqual(known, rule))) rules.push(rule);
          }
        }
        // With nothing to aggregate, what is written by hand stays.
        if (rules.length === 0 || deepEqual(rules, role.rules ?? [])) return;
        yield* client.update<ClusterRole>(resources.clusterroles, { ...role, rules });
      },
    });
  },
};
