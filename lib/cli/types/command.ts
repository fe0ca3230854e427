import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type EventDocument, readDocuments } from '../../core/event-schema/documents';
import { displayName } from '../../core/model/display';
import { ReadError } from '../../core/model/read-error';
import { visible } from '../../core/visible';
import type { Io } from '../io';
import { optionsOf, onePath } from '../options';
import { readPath } from '../read-path';
import { incomplete } from '../unread';
import { declaration } from './declaration';
import { eventTypesOf } from './events';
import { handlersOf } from './handlers';

const OPTIONS = {
  out: { type: 'string' },
  check: { type: 'boolean' },
  'allow-unread': { type: 'boolean' },
} as const;

const HELP = `lintel types PATH

Writes a TypeScript declaration from a cloud assembly (cdk.out), a template or a
Pulumi project: the variables of the handlers, so that 'process.env.ORDERS' is a
string and env('ORDRES') of lintel/runtime does not compile, and the event data
from the schemas of hubs, for publisher() and subscriber(). Put the file where
tsconfig.json includes it.

  --out FILE       file to write (lintel.d.ts)
  --check          write nothing; exit 1 if the file is not up to date
  --allow-unread   do not exit with 2 for what was not read

Examples:
  npx lintel types cdk.out
  npx lintel types cdk.out --out src/lintel.d.ts --check

Exit 0: written, or up to date. Exit 1: --check found the file out of date.
Exit 2: something was not read; nothing is written.
`;

/** `lintel types`: the variables and events of handlers as a declaration. */
export async function types(argv: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = optionsOf(argv, OPTIONS);
  if (values.help) {
    io.out(HELP);
    return 0;
  }
  const place = onePath(positionals);
  try {
    const { text, unread } = await written(place);
    for (const line of unread) io.note(visible(line));
    if (unread.length > 0 && !values['allow-unread']) return 2;
    return values.check ? compared(values.out ?? FILE, text, io) : put(values.out ?? FILE, text, io);
  } catch (error) {
    if (!(error instanceof ReadError)) throw error;
    io.note(visible(error.message));
    return 2;
  }
}

const FILE = 'lintel.d.ts';

interface Written {
  readonly text: string;
  /** What the declaration lacks, for a reader. */
  readonly unread: readonly string[];
}

async function written(place: string): Promise<Written> {
  const model = await readPath(place);
  const { handlers, unread } = handlersOf(model, place);
  const documents = existsSync(place) && statSync(place).isDirectory() ? documentsIn(place) : [];
  const text = declaration(handlers, eventTypesOf(model, handlers, documents));
  const missing = incomplete([model]);
  return {
    text,
    unread: [
      ...unread.map((name) => `${name}: its variables are known only at deployment`),
      ...model.ofType(...WORKERS).map((worker) => `${displayName(worker)}: bindings of Workers are not written`),
      ...missing.unread.map(({ resource, message }) => `${resource}: ${message}`),
      ...missing.failures.map(({ message }) => message),
    ],
  };
}

const WORKERS = ['cloudflare:index/workersScript:WorkersScript', 'cloudflare:index/worker:Worker'];

/** Only an assembly has the documents of its hubs. */
function documentsIn(folder: string): readonly EventDocument[] {
  return existsSync(path.join(folder, 'manifest.json')) ? readDocuments(folder) : [];
}

function compared(file: string, text: string, io: Io): number {
  if (existsSync(file) && readFileSync(file, 'utf8') === text) return 0;
  io.note(`${visible(file)} is out of date; run 'lintel types' and commit it`);
  return 1;
}

function put(file: string, text: string, io: Io): number {
  if (!existsSync(path.dirname(file)))
    throw new ReadError(file, 'is in a folder that does not exist', 'create the folder');
  writeFileSync(file, text);
  io.note(`wrote ${visible(file)}`);
  return 0;
}
