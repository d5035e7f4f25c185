/** Unwinds a program whose process has ended under it. */
export class ProcessEnded extends Error {
  override readonly name = 'ProcessEnded';
}

/** Unwinds a program in whose place another now runs (exec). */
export class ProcessReplaced extends Error {
  override readonly name = 'ProcessReplaced';
}
