import { parseArgs, type ParseArgsConfig } from 'node:util';
import { nearest } from '../core/nearest';
import { UsageError } from './io';

type Options = NonNullable<ParseArgsConfig['options']>;

/** Parsed arguments of a command. Named here because Node.js does not export the types that a declaration would need. */
export type Parsed<O extends Options> = ReturnType<
  typeof parseArgs<{ args: string[]; allowPositionals: true; options: { help: typeof HELP } & O }>
>;

const HELP = { type: 'boolean', short: 'h' } as const;

/**
 * The options of a command, `--help` included, and its positional arguments.
 * @throws UsageError when an option is unknown or lacks its value
 */
export function optionsOf<const O extends Options>(argv: readonly string[], own: O): Parsed<O> {
  const options = { help: HELP, ...own };
  try {
    return parseArgs({ args: [...argv], allowPositionals: true, options });
  } catch (error) {
    const { message } = error as Error;
    const [, unknown] = /^Unknown option '(-[^']*)'/.exec(message) ?? [];
    throw new UsageError(unknown === undefined ? message : unknownOption(unknown, Object.keys(options)));
  }
}

/**
 * The path of a command that reads one.
 * @throws UsageError when there is not exactly one
 */
export function onePath([place, ...others]: readonly string[]): string {
  if (place === undefined || others.length > 0) throw new UsageError('name one path: PATH');
  return place;
}

/**
 * The two paths of a command that compares.
 * @throws UsageError when there are not exactly two, or two formats are asked for
 */
export function baseAndHead({
  positionals: [base, head, ...others],
  values: { json, markdown },
}: {
  readonly positionals: readonly string[];
  readonly values: { readonly json?: boolean; readonly markdown?: boolean };
}): readonly [base: string, head: string] {
  if (base === undefined || head === undefined || others.length > 0)
    throw new UsageError('give two paths to compare: BASE and HEAD');
  if (json && markdown) throw new UsageError("'--json' and '--markdown' exclude each other");
  return [base, head];
}

function unknownOption(given: string, names: readonly string[]): string {
  const meant = nearest(given.replace(/^-+/, ''), names);
  return `unknown option '${given}'${meant === undefined ? '' : `, did you mean '--${meant}'?`}`;
}
