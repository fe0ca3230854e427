import path from 'node:path';
import { EsbuildMissing } from '../../core/bundle/esbuild';
import { ReadError } from '../../core/model/read-error';
import { installCommand } from '../../core/peers';
import { visible } from '../../core/visible';
import { type Io, UsageError } from '../io';
import { optionsOf } from '../options';
import type * as Ejection from './ejected';
import { shown } from './handlers';
import { Output } from './output';
import type * as Proof from './proof';
import { selectionOf } from './selection';

const OPTIONS = {
  app: { type: 'string', short: 'a' },
  out: { type: 'string' },
} as const;

const HELP = `lintel eject CONSTRUCT

Prints the plain CDK code (TypeScript) of a construct, by its path in the app:
one class of L1 constructs with the deployed logical ids, so that the class can
replace the construct and a deployment changes nothing. What it needs from other
constructs becomes props of the class. Before it is printed, the code is run and
compared with the template. Run the command where the app runs: handler paths
are relative to that directory.

  -a, --app DIR    the cloud assembly (cdk.out)
  --out DIR        write the class to DIR, with copies of the code of this
                   package that functions run; overwrites nothing

Examples:
  npx lintel eject Shop/Ingest
  npx lintel eject Shop/Payments --out lib/payments
  npx lintel eject Shop --app build/cdk.out --out lib/shop

Exit 0: the code gives the same template. Exit 2: there is no such construct,
something cannot be expressed in code, or the code gives a different template;
each is listed. Standard output has only the code.
`;

/** `lintel eject`: a construct as plain CDK code. */
export async function eject(argv: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = optionsOf(argv, OPTIONS);
  if (values.help) {
    io.out(HELP);
    return 0;
  }
  const [construct, ...others] = positionals;
  if (construct === undefined || others.length > 0) throw new UsageError('name one construct, such as Shop/Ingest');
  try {
    return await ejection(values.app ?? 'cdk.out', construct, values.out, io);
  } catch (error) {
    if (error instanceof EsbuildMissing) io.note(`esbuild bundles the handlers; run ${installCommand(['esbuild'])}`);
    else if (error instanceof ReadError) io.note(visible(error.message));
    else throw error;
    return 2;
  }
}

async function ejection(assembly: string, construct: string, out: string | undefined, io: Io): Promise<number> {
  const selection = await selectionOf(assembly, construct);
  const { ejected } = require('./ejected') as typeof Ejection;
  const { proof } = require('./proof') as typeof Proof;
  const output = out === undefined ? undefined : new Output(out);
  const made = ejected(selection, output);
  if (output === undefined) io.out(made.text);
  else {
    const file = path.join(
      output.folder,
      `${made.className.replace(/\B[A-Z](?=[a-z])|(?<=[a-z])[A-Z]/g, '-$&').toLowerCase()}.ts`,
    );
    output.put(file, made.text);
    output.write();
    io.note(`wrote ${visible(shown(file))}`);
  }
  for (const note of made.notes) io.note(visible(note));
  const missing = [...made.unread.map((line) => `not in the code: ${line}`), ...proof(selection, made)];
  for (const line of [...missing, ...made.warnings]) io.note(visible(line));
  return missing.length > 0 ? 2 : 0;
}
