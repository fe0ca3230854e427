import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { accessMatrix, type AccessEntry, read, ReadError } from '../lib/access';
import { expand } from '../lib/core/iam/action-set';
import { Conditions } from '../lib/core/model/conditions';
import { parseText } from '../lib/core/model/document';
import { isRecord } from '../lib/core/record';

/*
 * Looks for every literal Allow statement of templates in what `lintel access` says of them: whatever a text allows must
 * be in the matrix, as a grant or as something that cannot be judged.
 *
 *   npx tsx scripts/audit-access.ts FOLDER [--verbose]
 *
 * The folder is yours; no template of others is part of this repository.
 */

type Json = Readonly<Record<string, unknown>>;

interface Allow {
  readonly where: string;
  readonly actions: readonly string[];
  readonly statement: Json;
}

/** Text that runs somewhere, and may make policies of its own. */
const CODE = /^(Code|ZipFile|InlineCode|UserData|FunctionCode|RequestMappingTemplate|ResponseMappingTemplate)$/;

function main([folder, ...options]: readonly string[]): void {
  if (folder === undefined) throw new Error('name a folder of templates');
  const count = { templates: 0, statements: 0, found: 0, denied: 0, refused: 0, crashed: 0, missing: 0 };
  for (const file of templatesIn(folder)) {
    const name = path.relative(folder, file);
    const allows = allowsOf(file);
    if (!allows) continue;
    count.templates += 1;
    try {
      const { entries } = accessMatrix(read(file));
      const index = new Entries(entries);
      for (const allow of allows) {
        count.statements += 1;
        const missing = index.missing(allow);
        if (missing.length === 0) count.found += 1;
        else if (missing.every((action) => index.denies(action))) count.denied += 1;
        else {
          count.missing += 1;
          console.log(`missing: ${name} ${allow.where}: ${missing.join(', ')}`);
        }
      }
    } catch (error) {
      if (error instanceof ReadError) {
        count.refused += 1;
        if (options.includes('--verbose')) console.log(`refused: ${name}: ${error.message}`);
      } else {
        count.crashed += 1;
        console.log(`crashed: ${name}: ${error instanceof Error ? error.stack : String(error)}`);
      }
    }
  }
  console.log(
    `${count.templates} templates (${count.refused} refused with a reason, ${count.crashed} crashed); ` +
      `${count.statements} literal Allow statements: ${count.found} in the matrix, ${count.denied} taken away by a deny, ${count.missing} missing`,
  );
  process.exitCode = count.missing + count.crashed > 0 ? 1 : 0;
}

/** The entries of a matrix that allow something, or cannot be judged. */
class Entries {
  private readonly denied: readonly ReadonlySet<string>[];
  private readonly entries: readonly { readonly names: ReadonlySet<string>; readonly entry: AccessEntry }[];

  constructor(entries: readonly AccessEntry[]) {
    const names = ({ actions, allBut }: AccessEntry) => expand({ patterns: actions, negated: allBut === true });
    this.denied = entries.filter(({ verdict }) => verdict === 'denied').map(names);
    this.entries = entries
      .filter(({ verdict }) => verdict !== 'denied')
      .map((entry) => ({ entry, names: names(entry) }));
  }

  /** Whether something denies an action. */
  denies(action: string): boolean {
    return [...expand({ patterns: [action], negated: false })].every((name) =>
      this.denied.some((one) => one.has(name)),
    );
  }

  /** The actions of a statement that no entry on the same resource names. */
  missing({ actions, statement }: Allow): readonly string[] {
    if (this.entries.some(({ entry }) => entry.problem !== undefined && entry.actions.length === 0)) return [];
    const resource = literal(statement.Resource);
    if (statement.NotAction !== undefined && !this.entries.some(({ entry }) => entry.allBut)) return ['NotAction'];
    const own = statement.Principal !== undefined || statement.NotPrincipal !== undefined;
    return actions.filter((action) => {
      const wanted = [...expand({ patterns: [action], negated: false })];
      const holders = this.entries.filter(
        ({ entry }) => resource === undefined || own || entry.resource === resource || entry.resource === '*',
      );
      return !wanted.every((name) => holders.some(({ names }) => names.has(name)));
    });
  }
}

/** A resource that stands in the matrix as it is written. */
function literal(value: unknown): string | undefined {
  return value === '*' ? value : undefined;
}

/** The literal Allow statements below the properties of a template; undefined for a file that is no template. */
function allowsOf(file: string): readonly Allow[] | undefined {
  const text = readFileSync(file, 'utf8');
  if (!/Resources/.test(text) || !/AWS::|Custom::|Alexa::/.test(text)) return undefined;
  let data: unknown;
  try {
    data = parseText(text, file).data;
  } catch {
    return undefined;
  }
  if (!isRecord(data) || !isRecord(data.Resources)) return undefined;
  const found: Allow[] = [];
  // What stands under a condition that literals alone decide is there, or is not.
  const conditions = new Conditions(isRecord(data.Conditions) ? data.Conditions : {}, (raw) =>
    typeof raw === 'object' ? undefined : (raw as string),
  );
  const outcome: Outcomes = (name) => (typeof name === 'string' ? conditions.outcome(name) : undefined);
  for (const [id, resource] of Object.entries(data.Resources)) {
    if (isRecord(resource) && outcome(resource.Condition) !== false) collect(resource.Properties, id, found, outcome);
  }
  return found;
}

type Outcomes = (name: unknown) => unknown;

function collect(value: unknown, where: string, found: Allow[], outcome: Outcomes): void {
  if (Array.isArray(value)) value.forEach((item, index) => collect(item, `${where}.${index}`, found, outcome));
  else if (typeof value === 'string' && /Effect/.test(value) && value.trimStart().startsWith('{')) {
    try {
      collect(JSON.parse(value), where, found, outcome);
    } catch {
      // Text that is no JSON is no literal statement.
    }
  } else if (isRecord(value)) {
    const [name, then, otherwise] = Array.isArray(value['Fn::If']) ? (value['Fn::If'] as readonly unknown[]) : [];
    const decided = outcome(name);
    if (typeof decided === 'boolean') collect(decided ? then : otherwise, where, found, outcome);
    else if (value.Effect === 'Allow' && (value.Action ?? value.NotAction) !== undefined) {
      const given = [value.Action ?? []].flat(2).filter((action): action is string => typeof action === 'string');
      if (!isOwnTrust(value, given)) found.push({ where, actions: given, statement: value });
    } else {
      for (const [name, item] of Object.entries(value))
        if (!CODE.test(name)) collect(item, `${where}.${name}`, found, outcome);
    }
  }
}

/** That services assume the roles of their own resources goes without saying. */
function isOwnTrust({ Principal }: Json, actions: readonly string[]): boolean {
  const only = isRecord(Principal) && Object.keys(Principal).every((kind) => kind === 'Service');
  return only && actions.every((action) => /^sts:(AssumeRole|TagSession|SetContext)$/i.test(action));
}

function* templatesIn(folder: string): Iterable<string> {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isFile() && /\.(json|ya?ml|template)$/i.test(entry.name)) yield path.join(entry.parentPath, entry.name);
  }
}

main(process.argv.slice(2));
