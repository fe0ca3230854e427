import { readdirSync } from 'node:fs';
import path from 'node:path';

/** One folder per subject, in it one file per rule. */
export const RULES_DIRECTORY = path.join(__dirname, '../lib/rules/rules');

/** What is generated, and by what. */
export const REGISTRY = path.join(RULES_DIRECTORY, 'registry.ts');

/** A rule as its file names it. */
export interface RuleFile {
  /** Name of the folder: `queues`. */
  readonly subject: string;
  /** Name of the file without its ending: `queue-encryption`. */
  readonly name: string;
  /** `QueueEncryption`. */
  readonly id: string;
}

/** The rules that there are, by id. */
export function ruleFiles(): RuleFile[] {
  return readdirSync(RULES_DIRECTORY, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name: subject }) =>
      readdirSync(path.join(RULES_DIRECTORY, subject)).map((file) => {
        const name = path.basename(file, '.ts');
        return { subject, name, id: idOf(name) };
      }),
    )
    .sort((one, other) => (one.id < other.id ? -1 : 1));
}

/** The text of the registry. */
export function registryText(files: readonly RuleFile[]): string {
  const constant = (id: string): string => id.charAt(0).toLowerCase() + id.slice(1);
  return [
    '// Written by `npm run rules` from the files of the rules; do not edit.',
    ...files.map(({ subject, name, id }) => `import { ${constant(id)} } from './${subject}/${name}';`),
    "import type { Rule } from '../rule';",
    '',
    '/** Every rule, by id. */',
    'export const RULES: readonly Rule[] = [',
    ...files.map(({ id }) => `  ${constant(id)},`),
    '];',
    '',
  ].join('\n');
}

function idOf(name: string): string {
  return name
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}
