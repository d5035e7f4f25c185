import type { Task } from '../kernel';
import { loadMapper, type Mapper } from './api/mapper';
import { Rest } from './api/rest';
import { CommandError } from './errors';
import type { ParsedFlags } from './flags';
import type { KubectlHost } from './host';
import { loadKubeconfig, type Kubeconfig } from './kubeconfig/load';
import { selectTarget, type Selection } from './kubeconfig/target';

/** One run of kubectl: its configuration, its way to the server and what it has learned of it, each made when first asked for. */
export class Session {
  private loadedConfig: Kubeconfig | undefined;
  private selected: Selection | undefined;
  private madeRest: Rest | undefined;
  private madeMapper: Mapper | undefined;
  private warnings = new Set<string>();

  readonly flags: ParsedFlags;

  /** `own` names flags of the command that hide global ones (set subject --user). */
  constructor(readonly host: KubectlHost, flags: ParsedFlags, own: ReadonlySet<string> = new Set()) {
    this.flags = flags.without(own);
  }

  get config(): Kubeconfig {
    return (this.loadedConfig ??= loadKubeconfig(this.host.files, this.flags.string('kubeconfig'), this.host.env));
  }

  get selection(): Selection {
    return (this.selected ??= selectTarget(this.config, this.flags));
  }

  /** The namespace that names without one belong to. */
  get namespace(): string {
    return this.selection.namespace;
  }

  get namespaceGiven(): boolean {
    return this.selection.namespaceGiven;
  }

  get rest(): Rest {
    return (this.madeRest ??= new Rest(this.makeClient(), this.impersonation(), (text) => this.warn(text)));
  }

  /** How many warnings were printed; --warnings-as-errors looks at it. */
  get warningCount(): number {
    return this.warnings.size;
  }

  *mapper(): Task<Mapper> {
    return (this.madeMapper ??= yield* loadMapper(this.rest));
  }

  /** Forgets what the server serves: something was just defined. */
  forgetMapper(): void {
    this.madeMapper = undefined;
  }

  /** Prints a warning once. */
  warn(text: string): void {
    if (this.warnings.has(text)) return;
    this.warnings.add(text);
    this.host.stderr.write(this.host.stderr.isTerminal && this.host.env['TERM'] !== 'dumb' && (this.host.env['NO_COLOR'] ?? '') === '' ? `\u001b[33;1mWarning:\u001b[0m ${text}\n` : `Warning: ${text}\n`);
  }

  private makeClient() {
    const { host } = this;
    const { target } = this.selection;
    return host.connect ? host.connect(target) : host.client;
  }

  private impersonation(): Record<string, string> {
    const user = this.flags.string('as');
    const groups = this.flags.list('as-group');
    const uid = this.flags.string('as-uid');
    if (user === '' && (groups.length > 0 || uid !== '')) throw new CommandError('requesting uid, groups or user-extra for unspecified user');
    if (user === '') return {};
    return { 'impersonate-user': user, ...(groups.length > 0 && { 'impersonate-group': groups.join(',') }), ...(uid !== '' && { 'impersonate-uid': uid }) };
  }
}
