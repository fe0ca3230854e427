import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import ts from 'typescript';
import { parse } from 'yaml';
import { main } from '../../lib/cli/main';
import { RULES } from '../../lib/rules';
import { readConfig } from '../../lib/rules/config/read-config';
import { pages, root } from './snippets';

/** Whatever a reader may copy that is not TypeScript: commands, settings, data. */
const documents = [
  ...pages(),
  'RULES.md',
  'CONTRIBUTING.md',
  'docs/github-actions.yml',
  'docs/github-actions-comment.yml',
  'docs/preview.yml',
  'create-lintel/README.md',
  'create-lintel/template/README.md',
  'create-lintel/template/package.json',
  'create-lintel/template/.github/workflows/ci.yml',
];
const textOf = (file: string) => readFileSync(path.join(root, file), 'utf8');

/** Every block of a language in a page, with its place. */
const blocks = (language: string) =>
  documents.flatMap((file) =>
    [...textOf(file).matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\`$`, 'gm'))].map(({ 1: text, index }) => ({
      place: `${file}:${textOf(file).slice(0, index).split('\n').length}`,
      text: text!,
    })),
  );

async function helpOf(argv: readonly string[]): Promise<string> {
  const said: string[] = [];
  const io = {
    out: (text: string) => void said.push(text),
    note: (text: string) => void said.push(text),
    colour: false,
  };
  await main([...argv, '--help'], io);
  return said.join('');
}

/** What stands behind `lintel` in blocks, code spans and scripts, up to a comment, a pipe or the end. */
function commandsIn(file: string): { place: string; name: string; options: string[] }[] {
  const text = textOf(file);
  return [...text.matchAll(/(?:^|[`"( ]|&& )(?:npx (?:--no-install )?)?lintel ([a-z]+)\b([^`\n#|>;&]*)/gm)].flatMap(
    ({ 0: all, 1: name, 2: rest, index }) => {
      // In prose, the name is a word like others.
      const isCommand = /npx/.test(all) || /[`"]\s*(?:npx )?lintel/.test(all) || /^lintel/.test(all);
      if (!isCommand) return [];
      const place = `${file}:${text.slice(0, index + 1).split('\n').length}`;
      return [{ place, name: name!, options: [...rest!.matchAll(/(?<=\s)--[\w-]+/g)].map(String) }];
    },
  );
}

test('every command of the pages is one of lintel, with options that it has', async () => {
  const commands = documents.flatMap(commandsIn);
  expect(commands.length).toBeGreaterThan(60);
  const names = [...new Set(commands.map(({ name }) => name))];
  const help = new Map(await Promise.all(names.map(async (name) => [name, await helpOf([name])] as const)));
  const wrong = commands.flatMap(({ place, name, options }) => {
    const page = help.get(name)!;
    if (page.includes('has no command')) return [`${place}: lintel ${name}`];
    return options
      .filter((option) => option !== '--help' && !new RegExp(`${option}\\b(?!-)`).test(page))
      .map((option) => `${place}: lintel ${name} ${option}`);
  });
  expect(wrong).toEqual([]);
});

test('every script of the pages is in package.json', () => {
  const scripts = (file: string) => Object.keys((JSON.parse(textOf(file)) as { scripts: object }).scripts);
  const [own, starter] = [scripts('package.json'), scripts('create-lintel/template/package.json')];
  const wrong = documents.flatMap((file) => {
    const known = file.startsWith('create-lintel') ? starter : own;
    const named = [...textOf(file).matchAll(/(?:`|^|&& )npm (?:run ([\w:-]+)|(test|start)\b)/gm)];
    const allowed = file === 'README.md' ? [...known, ...starter] : known;
    return named
      .map(([, run, short]) => (run ?? short)!)
      .filter((name) => !allowed.includes(name))
      .map((name) => `${file}: npm run ${name}`);
  });
  expect(wrong).toEqual([]);
});

test('settings, data and JavaScript of the pages can be read', () => {
  const file = path.join(mkdtempSync(path.join(tmpdir(), 'lintel-pages-')), 'lintel.yaml');
  const rules = RULES.map(({ id }) => id);
  for (const { text } of blocks('yaml')) {
    const read = parse(text) as object;
    expect(typeof read).toBe('object');
    // Metadata stand in a template; all else is a lintel.yaml.
    if ('Metadata' in read) continue;
    writeFileSync(file, text);
    expect(() => readConfig(file, rules)).not.toThrow();
  }
  rmSync(path.dirname(file), { recursive: true });
  for (const { text } of blocks('json')) expect(typeof JSON.parse(text)).toBe('object');
  for (const { text } of blocks('js')) {
    const { diagnostics } = ts.transpileModule(text, { reportDiagnostics: true, compilerOptions: { allowJs: true } });
    expect(diagnostics).toEqual([]);
  }
});

test('every rule that a page acknowledges is one', () => {
  const rules = RULES.map(({ id }) => id);
  const named = documents.flatMap((file) =>
    [...textOf(file).matchAll(/(?:rule: |Lintel::)([A-Z]\w+)/g)].map(([, rule]) => `${file}: ${rule}`),
  );
  expect(named.length).toBeGreaterThan(5);
  expect(named.filter((name) => !rules.includes(name.split(': ')[1]!))).toEqual([]);
});

test('every block has a language that is read here or run by the tests of snippets', () => {
  const languages = documents.flatMap((file) =>
    file.endsWith('.md') ? [...textOf(file).matchAll(/^```(\w*)\n[^]*?^```$/gm)].map(([, language]) => language) : [],
  );
  // Without a language stands what a program answers, or a query of a service.
  expect([...new Set(languages)].sort()).toEqual(['', 'js', 'json', 'mermaid', 'sh', 'ts', 'yaml']);
});
