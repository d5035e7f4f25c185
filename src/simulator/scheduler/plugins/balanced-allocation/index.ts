import type { Plugin } from '../../framework';

const share = (used: number, total: number): number => Math.min(1, used / total);

/** Prefers nodes on which CPU and memory would be used by about the same share. Pods without requests are all the same to it. */
export const balancedAllocation: Plugin = {
  name: 'NodeResourcesBalancedAllocation',
  weight: 1,
  prepareScore({ requests }) {
    if (requests.cpu === 0 && requests.memory === 0) return undefined;
    return {
      score({ allocatable, requested }) {
        if (allocatable.cpu === 0 || allocatable.memory === 0) return 100;
        const cpu = share(requested.cpu + requests.cpu, allocatable.cpu);
        const memory = share(requested.memory + requests.memory, allocatable.memory);
        return Math.floor((1 - Math.abs(cpu - memory) / 2) * 100);
      },
    };
  },
};
