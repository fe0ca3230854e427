import { parseArgs, type ParseArgsConfig } from 'node:util';
import { UsageError } from './io';

/**
 * The options of a command, `--help` among them, and what follows them.
 * @throws UsageError when an option is not known, or lacks its value
 */
export function optionsOf<const O extends NonNullable<ParseArgsConfig['options']>>(argv: readonly string[], own: O) {
  const options = { help: { type: 'boolean', short: 'h' }, ...own } as const;
  try {
    return parseArgs({ args: [...argv], allowPositionals: true, options });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
