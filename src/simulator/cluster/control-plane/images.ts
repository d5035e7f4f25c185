import type { Process } from '../../kernel';
import type { Image } from '../../runtime';
import type { ControllerManager } from '../../controllers';
import type { SchedulerProcess } from '../../scheduler';
import { componentImage, componentProgram } from './component';
import type { Gate } from './gate';
import { etcdVersion } from './manifests';

/** What the images of the components start. */
export interface ControlPlaneParts {
  readonly gate: Gate;
  manager(): ControllerManager;
  scheduler(): SchedulerProcess;
  /** kube-proxy of the node with this host name. */
  startProxy(node: string): Process;
}

const version = 'v1.36.3';

/** The images of the control plane and of kube-proxy: each one's program is the component. */
export function controlPlaneImages({ gate, manager, scheduler, startProxy }: ControlPlaneParts): readonly Image[] {
  const image = (name: string, sizeBytes: number, program: ReturnType<typeof componentProgram>) =>
    componentImage(`registry.k8s.io/${name}`, name === 'etcd' ? etcdVersion : version, `/usr/local/bin/${name}`, sizeBytes, program);
  return [
    image('etcd', 23_700_000, componentProgram(() => ({ stop: () => undefined }))),
    image('kube-apiserver', 27_600_000, componentProgram(() => {
      gate.setOpen(true);
      return { stop: () => gate.setOpen(false) };
    })),
    image('kube-controller-manager', 23_100_000, componentProgram(() => {
      const running = manager();
      running.start();
      return running;
    })),
    image('kube-scheduler', 17_400_000, componentProgram(() => {
      const running = scheduler();
      running.start();
      return running;
    })),
    image('kube-proxy', 25_900_000, componentProgram((system) => {
      const process = startProxy(system.hostname);
      return { stop: () => process.cancel() };
    })),
  ];
}
