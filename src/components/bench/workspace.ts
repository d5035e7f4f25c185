import { updateLab } from '../progress/store';
import type { Files } from './protocol';
import type { Session } from './session';

/** Milliseconds of quiet after which what was typed goes to the workstation and into the browser's storage. */
const quiet = 300;

export type Origin = 'editor' | 'terminal' | 'reset';

export interface WorkspaceState {
  readonly files: Files;
  /** Whose change led here: the editor's own models already show theirs. */
  readonly origin: Origin;
  readonly saving: boolean;
}

/**
 * The learner's files as the page holds them, between three parties: the editor, the workstation of the open session and
 * the browser's storage. The last writer wins.
 */
export class Workspace {
  #state: WorkspaceState;
  #session: Session | undefined;
  #unhook: (() => void) | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #unsaved = new Set<string>();
  readonly #listeners = new Set<() => void>();

  constructor(private readonly lab: string | undefined, private readonly start: Files, saved: Files | undefined) {
    this.#state = { files: { ...start, ...saved }, origin: 'reset', saving: false };
  }

  get state(): WorkspaceState {
    return this.#state;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** From now on these are the files of this session's workstation. */
  attach(session: Session): void {
    this.#unhook?.();
    this.#session = session;
    this.#unhook = session.onFile((path, content) => this.#fromTerminal(path, content));
  }

  #update(change: Partial<WorkspaceState>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#listeners) listener();
  }

  #fromTerminal(path: string, content: string | null): void {
    const { files } = this.#state;
    if (this.#unsaved.has(path) || files[path] === (content ?? undefined)) return;
    const { [path]: _old, ...others } = files;
    this.#update({ files: content === null ? others : { ...files, [path]: content }, origin: 'terminal' });
    this.#keep();
  }

  /** What the learner typed. */
  edit(path: string, content: string): void {
    if (this.#state.files[path] === content) return;
    this.#unsaved.add(path);
    this.#update({ files: { ...this.#state.files, [path]: content }, origin: 'editor', saving: true });
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.save(), quiet);
  }

  /** Comes back when the workstation has everything that was typed. */
  async save(): Promise<void> {
    clearTimeout(this.#timer);
    const paths = [...this.#unsaved];
    const { files } = this.#state;
    this.#keep();
    await Promise.all(paths.map((path) => this.#session?.writeFile(path, files[path] ?? '')));
    for (const path of paths) if (this.#state.files[path] === files[path]) this.#unsaved.delete(path);
    this.#update({ saving: this.#unsaved.size > 0 });
  }

  #keep(): void {
    if (this.lab !== undefined) updateLab(this.lab, (progress) => ({ ...progress, files: this.#state.files }));
  }

  /** The lab's own files again. */
  reset(): void {
    clearTimeout(this.#timer);
    this.#unsaved.clear();
    this.#update({ files: this.start, origin: 'reset', saving: false });
    if (this.lab !== undefined) updateLab(this.lab, ({ files: _files, ...progress }) => progress);
  }

  /** Files from elsewhere (imported progress) take the place of those that are here. */
  async take(files: Files): Promise<void> {
    for (const path of Object.keys(files)) this.#unsaved.add(path);
    this.#update({ files: { ...this.#state.files, ...files }, origin: 'reset', saving: true });
    await this.save();
  }

  dispose(): void {
    this.#unhook?.();
    clearTimeout(this.#timer);
    if (this.#unsaved.size > 0) this.#keep();
    this.#listeners.clear();
  }
}
