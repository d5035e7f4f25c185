import { seconds } from '../simulator/kernel';
import type { Check } from './check';
import type { Report } from './grade';
import type { Files, Lab } from './lab';
import { type GradableCluster, gradeCluster } from './session';

/** What trying an answer out needs of a cluster: the learner's workstation as well. */
export interface LabCluster extends GradableCluster {
  /** Puts a file into the learner's folder. */
  writeFile(path: string, content: string): void;
  /** Runs a command line on the workstation, as a learner would type it. */
  command(line: string): { readonly exitCode: number; readonly output: string };
  /** Lets time pass until nothing is being started, or for `limit`. */
  settle(limit: number): void;
}

/** An answer's report, and what applying it said. */
export interface Judgement {
  readonly report: Report;
  readonly applied: string;
}

/** Does what a learner does with these files, in a lab that has just begun: writes them, applies them in order, waits, grades. */
export function judge(cluster: LabCluster, lab: Lab, checks: readonly Check[], files: Files): Judgement {
  let applied = '';
  const names = [...lab.definition.files, ...Object.keys(files).filter((name) => !lab.definition.files.includes(name))];
  for (const name of names) if (files[name] !== undefined) cluster.writeFile(name, files[name]);
  for (const name of names.filter((file) => /\.ya?ml$/.test(file) && files[file] !== undefined)) applied += cluster.command(`kubectl apply -f ${name}`).output;
  cluster.settle(seconds(60));
  return { report: gradeCluster(cluster, checks, files), applied };
}
