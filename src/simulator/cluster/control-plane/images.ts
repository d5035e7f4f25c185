import type { Kernel, Process } from '../../kernel';
import type { Image } from '../../runtime';
import { componentImage, componentProgram } from './component';
import { etcdVersion } from './manifests';
import type { Member } from './member';

/** What the images of the components start. */
export interface ControlPlaneParts {
  readonly kernel: Kernel;
  readonly members: readonly Member[];
  /** kube-proxy of the node with this host name. */
  startProxy(node: string): Process;
}

const version = 'v1.36.3';

/** The images of the control plane and of kube-proxy: each one's program is the component. */
export function controlPlaneImages({ kernel, members, startProxy }: ControlPlaneParts): readonly Image[] {
  const memberOn = (node: string): Member => members.find(({ name }) => name === node) as Member;
  const image = (name: string, sizeBytes: number, program: ReturnType<typeof componentProgram>) =>
    componentImage(`registry.k8s.io/${name}`, name === 'etcd' ? etcdVersion : version, `/usr/local/bin/${name}`, sizeBytes, program);
  return [
    image('etcd', 23_700_000, componentProgram(() => ({ stop: () => undefined }))),
    image('kube-apiserver', 27_600_000, componentProgram((system) => {
      const { gate, server } = memberOn(system.hostname);
      gate.setOpen(true);
      const endpoint = members.length > 1 ? kernel.spawn('apiserver endpoint', server.keepEndpoint(), null) : undefined;
      return {
        stop: () => {
          gate.setOpen(false);
          endpoint?.cancel();
        },
      };
    })),
    image('kube-controller-manager', 23_100_000, componentProgram((system) => {
      const running = memberOn(system.hostname).manager;
      running.start();
      return running;
    })),
    image('kube-scheduler', 17_400_000, componentProgram((system) => {
      const running = memberOn(system.hostname).scheduler;
      running.start();
      return running;
    })),
    image('kube-proxy', 25_900_000, componentProgram((system) => {
      const process = startProxy(system.hostname);
      return { stop: () => process.cancel() };
    })),
  ];
}
