import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { stringify } from 'yaml';
import { displayName } from '../core/model/display';
import type { Model, Resource } from '../core/model/model';
import { ReadError } from '../core/model/read-error';
import { nearest } from '../core/nearest';
import { describableApis, describeApi } from '../core/openapi/describe';
import { visible } from '../core/visible';
import type { Io } from './io';
import { optionsOf, onePath } from './options';
import { readPath } from './read-path';
import { incomplete } from './unread';

const OPTIONS = {
  api: { type: 'string' },
  title: { type: 'string' },
  version: { type: 'string' },
  out: { type: 'string' },
  yaml: { type: 'boolean' },
  'allow-unread': { type: 'boolean' },
} as const;

const HELP = `lintel openapi PATH

Writes an HTTP or REST API as an OpenAPI 3.1 document, from a cloud assembly
(cdk.out) or a template: its routes, their parameters, the bodies that it
validates, and who may call it. CORS preflight routes are left out. An API with
a definition of its own in 'Body' is written as that says.

  --api NAME       which API, by its path, if there are several
  --title TEXT     title of the document (the path of the API)
  --version TEXT   version of the document (a hash that changes with it)
  --out FILE       file to write (standard output); .yaml writes YAML
  --yaml           as YAML
  --allow-unread   do not exit with 2 for what was not read

Examples:
  npx lintel openapi cdk.out
  npx lintel openapi cdk.out --api Shop/Api/Api --out openapi.yaml

Exit 0: written. Exit 2: something was not read; nothing is written.
`;

/** `lintel openapi`: an API as an OpenAPI document. */
export async function openapi(argv: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = optionsOf(argv, OPTIONS);
  if (values.help) {
    io.out(HELP);
    return 0;
  }
  const place = onePath(positionals);
  try {
    const model = await readPath(place);
    const { document, unread } = describeApi(model, chosen(model, place, values.api));
    const missing = incomplete([model]);
    const notes = [
      ...unread,
      ...missing.unread.map(({ resource, message }) => `${resource}: ${message}`),
      ...missing.failures.map(({ message }) => message),
    ];
    for (const note of notes) io.note(visible(note));
    if (notes.length > 0 && !values['allow-unread']) return 2;
    const { title, version } = values;
    const named = {
      ...document,
      info: { ...(document.info as object), ...(title && { title }), ...(version && { version }) },
    };
    put(values.out, values.yaml === true || /\.ya?ml$/.test(values.out ?? ''), named, io);
    return 0;
  } catch (error) {
    if (!(error instanceof ReadError)) throw error;
    io.note(visible(error.message));
    return 2;
  }
}

function chosen(model: Model, place: string, name: string | undefined): Resource {
  const apis = describableApis(model);
  const names = apis.map(displayName);
  const all = `'${names.join("', '")}'`;
  if (apis.length === 0)
    throw new ReadError(place, 'has no HTTP or REST API', 'name an assembly or a template that has one');
  if (name === undefined) {
    const [api, ...more] = apis;
    if (more.length > 0) throw new ReadError(place, `has several APIs: ${all}`, "choose one with '--api'");
    return api!;
  }
  const found = apis[names.indexOf(name)];
  if (found) return found;
  const meant = nearest(name, names);
  throw new ReadError(
    place,
    `has no API '${name}'`,
    meant === undefined ? `use one of ${all}` : `did you mean '${meant}'?`,
  );
}

function put(file: string | undefined, yaml: boolean, document: object, io: Io): void {
  const text = yaml ? stringify(document) : `${JSON.stringify(document, null, 2)}\n`;
  if (file === undefined) return io.out(text);
  if (!existsSync(path.dirname(file)))
    throw new ReadError(file, 'is in a folder that does not exist', 'create the folder');
  writeFileSync(file, text);
  io.note(`wrote ${visible(file)}`);
}
