import { StatusError } from '../../../api';
import type { Task } from '../../../kernel';
import type { Mapping } from '../../api/mapper';
import type { Command, Context } from '../../command';
import { CommandError, UsageError } from '../../errors';
import { withAt, type Fields } from '../../fields';
import { dryRunFlag, fieldManagerFlag, printFlags, saveConfigFlag, validateFlag, type FlagDefinition } from '../../flags';
import { dryRunOf, resultPrinter } from '../../print/printer';
import { asTyped } from '../../print/typed';
import { createObject, fieldValidation, savedConfig } from '../../resources/write';

/** Where the objects of a generator are created. */
export type Place = Pick<Mapping, 'group' | 'version' | 'resource' | 'kind' | 'namespaced'>;

/** One `kubectl create KIND`: how its object is made from words and flags. */
export interface Generator {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly use: string;
  readonly short: string;
  readonly examples?: readonly string[];
  readonly flags: readonly FlagDefinition[];
  readonly place: Place;
  /** `failed to create deployment`; undefined when the server's error is shown as it is. */
  readonly failure?: string;
  readonly make: (context: Context, name: string) => Task<Fields>;
}

/** The one NAME of a command. Words after `--` do not count. */
export function onlyName({ args, dash }: Context): string {
  const before = dash === undefined ? args : args.slice(0, dash);
  if (before.length !== 1) throw new UsageError(`exactly one NAME is required, got ${before.length}`);
  return before[0] as string;
}

/** Prints or creates a generated object. */
export function* finishGenerated(context: Context, place: Place, made: Fields, failure: string | undefined): Task<void> {
  const { flags, session } = context;
  const dryRun = dryRunOf(flags);
  const print = resultPrinter(context, 'created');
  fieldValidation(context);
  const placed = place.namespaced && session.namespaceGiven ? withAt(made, ['metadata', 'namespace'], session.namespace) : made;
  const object = savedConfig(context, asTyped(placed));
  if (dryRun === 'client') return print(asTyped(object));
  const mapping: Mapping = { ...place, singular: '', shortNames: [], categories: [], verbs: [], subresources: [] };
  try {
    print(asTyped(yield* createObject(context, mapping, place.namespaced ? session.namespace : undefined, object)));
  } catch (error) {
    if (failure !== undefined && error instanceof StatusError) throw new CommandError(`${failure}${error.message}`);
    throw error;
  }
}

/** The command of a generator. */
export function generatorCommand(generator: Generator): Command {
  const { aliases, examples, failure, flags, make, name, place, short, use } = generator;
  return {
    name,
    short,
    use,
    ...(aliases && { aliases }),
    ...(examples && { examples }),
    flags: [...flags, ...printFlags(), dryRunFlag, fieldManagerFlag('kubectl-create'), saveConfigFlag, validateFlag],
    *run(context) {
      const object = yield* make(context, onlyName(context));
      yield* finishGenerated(context, place, object, failure);
    },
  };
}

/** metadata with a name. */
export const named = (apiVersion: string, kind: string, name: string, labels?: Fields): Fields => ({ apiVersion, kind, metadata: { name, ...(labels && { labels }) } });
