import * as z from 'zod';

const textSchema = z.strictObject({ ko: z.string().min(1), en: z.string().min(1) });

/** lab.yaml: everything of a lab but its texts of length, its files and its checks. Unknown keys are refused. */
export const labSchema = z.strictObject({
  /** chapter/name, as the folder is. */
  id: z.string().regex(/^[a-z0-9-]+\/[a-z0-9-]+$/),
  title: textSchema,
  /** One sentence for lists. */
  summary: textSchema,
  /** What a reader who knows the lesson needs. */
  minutes: z.number().int().positive(),
  /** The document that the lab belongs to: patterns/sidecar-log. */
  lesson: z.string(),
  cluster: z.strictObject({
    nodes: z.number().int().min(1).max(9).default(2),
    seed: z.number().int().default(1),
    /** Manifests (files of the lab's folder cluster/) that run before the learner comes. */
    manifests: z.array(z.string()).default([]),
  }),
  /** The files that the learner edits, in the order of the tabs; the first is open. */
  files: z.array(z.string()).min(1),
  /** What to do, one thing each. */
  steps: z.array(textSchema).min(1),
  /** From a nudge to nearly the solution. */
  hints: z.array(textSchema).min(2),
});

/** A lab as lab.yaml defines it. */
export type LabDefinition = z.infer<typeof labSchema>;

/** What a wrong answer is there to show: wrong/<name>/expect.yaml. */
export const expectationSchema = z.strictObject({
  /** The check that must fail (others may fail as well). */
  check: z.string(),
  /** Parts of what the learner is told. */
  says: textSchema,
  /** file:line that the learner is pointed at. */
  at: z.string().regex(/^[\w.-]+:\d+$/).optional(),
});

export type Expectation = z.infer<typeof expectationSchema>;

/** A folder's files by name. */
export type Files = Readonly<Record<string, string>>;

/** A lab with everything that belongs to it but its checks. */
export interface Lab {
  readonly definition: LabDefinition;
  /** The manifests of cluster/, in the order that lab.yaml names them. */
  readonly manifests: readonly string[];
  readonly start: Files;
  readonly solution: Files;
}
