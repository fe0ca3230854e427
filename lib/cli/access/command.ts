import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Model } from '../../core/model/model';
import { ReadError } from '../../core/model/read-error';
import { visible } from '../../core/visible';
import { type Io, Progress } from '../io';
import { readPath } from '../read-path';
import { incomplete } from '../unread';
import { HELP, type Options, parse } from './options';
import { judged } from './reports';

/** `lintel access`: prints who may do what, what changed between two assemblies, or what was never used. */
export async function access(argv: readonly string[], io: Io): Promise<number> {
  const options = parse(argv);
  if (options === undefined) {
    io.out(HELP);
    return 0;
  }
  try {
    return await report(options, io);
  } catch (error) {
    if (!(error instanceof ReadError)) throw error;
    io.note(error.message);
    return 2;
  }
}

async function report(options: Options, io: Io): Promise<number> {
  const { paths, diff } = options;
  const progress = new Progress(io);
  const models: Model[] = [];
  const failures: ReadError[] = [];
  for (const place of paths) {
    progress.step(`reading ${place}`);
    try {
      // Names are relative to each side, so that two checkouts of one program are equal.
      models.push(await readPath(place, diff ? { name: comparedName(paths) } : { among: paths }));
    } catch (error) {
      // One unreadable path of several does not hide the others; a comparison needs both.
      if (!(error instanceof ReadError) || diff || paths.length === 1) throw error;
      failures.push(error);
    }
  }
  const { code, print } = judged(options, models, io);
  const missing = incomplete(models, failures);
  io.out(print(missing));
  for (const { message } of missing.failures) io.note(visible(message));
  return missing.failures.length > 0 || (missing.unread.length > 0 && !options.allowUnread) ? 2 : code;
}

/** Two files that are compared are one template, whatever they are called: `before.yaml` and `after.yaml`. */
function comparedName(paths: readonly string[]): string | undefined {
  const files = paths.every(
    (one) => existsSync(one) && statSync(one).isFile() && path.basename(one) !== 'manifest.json',
  );
  return files ? path.basename(paths[0]!) : undefined;
}
