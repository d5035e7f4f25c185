import { SystemError } from '../interface';

/** What a name stands for. */
export interface Variable {
  value: string | undefined;
  exported: boolean;
  readOnly: boolean;
}

/** A command that the shell cannot go on after: it prints the message and ends, or comes back to its prompt. */
export class ShellError extends Error {
  override readonly name = 'ShellError';

  constructor(message: string, readonly status = 2) {
    super(message);
  }
}

/** The end of the shell. */
export class ShellExit extends Error {
  override readonly name = 'ShellExit';

  constructor(readonly status: number) {
    super(`exit ${status}`);
  }
}

const largest = 128 * 1024 * 1024;
const longValue = 16_384;
const nameLike = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** The shell's variables, with the scopes of functions' locals. */
export class VariableTable {
  private readonly table: Map<string, Variable>;
  private scopes: Map<string, Variable | undefined>[] = [];
  private environment: Readonly<Record<string, string>> | undefined;
  /** Values that are made when asked for: RANDOM, LINENO. */
  dynamic: (name: string) => string | undefined = () => undefined;
  onChange: ((name: string) => void) | undefined;
  /** Told of the size of all long values together, for the container's memory. */
  onLarge: ((characters: number) => void) | undefined;
  private large = 0;

  constructor(from?: VariableTable) {
    this.table = new Map();
    if (from) for (const [name, variable] of from.table) this.table.set(name, { ...variable });
  }

  /** Takes what the environment has; names that are none are dropped, as ash does. */
  importEnvironment(env: Readonly<Record<string, string>>): void {
    for (const [name, value] of Object.entries(env)) if (nameLike.test(name)) this.table.set(name, { value, exported: true, readOnly: false });
  }

  get(name: string): string | undefined {
    const variable = this.table.get(name);
    if (variable !== undefined) return variable.value;
    return this.dynamic(name);
  }

  entry(name: string): Variable | undefined {
    return this.table.get(name);
  }

  /** Throws ShellError when the name is read only. */
  set(name: string, value: string): void {
    const variable = this.table.get(name);
    if (variable === undefined) this.table.set(name, { value, exported: this.exportAll, readOnly: false });
    else {
      if (variable.readOnly) throw new ShellError(`${name}: is read only`);
      if (value.length > longValue || (variable.value?.length ?? 0) > longValue) this.weigh(value, variable.value);
      variable.value = value;
      if (variable.exported) this.environment = undefined;
    }
    if (this.exportAll) this.environment = undefined;
    this.onChange?.(name);
  }

  private weigh(value: string, before: string | undefined): void {
    if (value.length > largest) throw new SystemError('ENOMEM');
    this.large += value.length - (before?.length ?? 0);
    this.onLarge?.(this.large);
  }

  exportAll = false;

  /** Sets flags; the variable may have no value yet. */
  mark(name: string, flags: { readonly exported?: boolean; readonly readOnly?: boolean }): void {
    let variable = this.table.get(name);
    if (!variable) this.table.set(name, (variable = { value: undefined, exported: false, readOnly: false }));
    if (flags.exported !== undefined) variable.exported = flags.exported;
    if (flags.readOnly !== undefined) variable.readOnly = flags.readOnly;
    this.environment = undefined;
  }

  unset(name: string): void {
    if (this.table.get(name)?.readOnly) throw new ShellError(`${name}: is read only`);
    this.table.delete(name);
    this.environment = undefined;
    this.onChange?.(name);
  }

  enter(): void {
    this.scopes.push(new Map());
  }

  leave(): void {
    const scope = this.scopes.pop();
    if (!scope) return;
    for (const [name, old] of scope) {
      if (old) this.table.set(name, old);
      else this.table.delete(name);
      this.environment = undefined;
      this.onChange?.(name);
    }
  }

  get inFunction(): boolean {
    return this.scopes.length > 0;
  }

  /** Makes a name local to the running function: it keeps its value until it is set. */
  makeLocal(name: string): void {
    const scope = this.scopes[this.scopes.length - 1];
    if (!scope || scope.has(name)) return;
    const old = this.table.get(name);
    scope.set(name, old);
    if (old) this.table.set(name, { ...old });
    else this.table.set(name, { value: undefined, exported: false, readOnly: false });
    this.environment = undefined;
  }

  /** The environment of programs: one object until a variable changes, shared by all of them. */
  exported(): Readonly<Record<string, string>> {
    if (!this.environment) {
      const environment: Record<string, string> = {};
      for (const [name, { value, exported }] of this.table) if (exported && value !== undefined) environment[name] = value;
      this.environment = environment;
    }
    return this.environment;
  }

  names(): string[] {
    return [...this.table.keys()].sort((a, b) => (a < b ? -1 : 1));
  }

  /** Saves and sets variables for the time of one command; gives what brings the old ones back. */
  temporarily(assignments: readonly (readonly [string, string])[], exported: boolean): () => void {
    const old = assignments.map(([name]) => [name, this.table.get(name)] as const);
    for (const [name, value] of assignments) {
      const before = this.table.get(name);
      if (before?.readOnly) throw new ShellError(`${name}: is read only`);
      this.table.set(name, { value, exported: exported || (before?.exported ?? false), readOnly: false });
      this.onChange?.(name);
    }
    this.environment = undefined;
    return () => {
      for (const [name, variable] of [...old].reverse()) {
        if (variable) this.table.set(name, variable);
        else this.table.delete(name);
        this.onChange?.(name);
      }
      this.environment = undefined;
    };
  }
}
