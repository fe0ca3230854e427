import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as pulumi from '@pulumi/pulumi';
import ts from 'typescript';
import * as lintelEdge from 'lintel/edge';
import { synthesize } from 'lintel/pulumi';
import { examples } from './examples';
import { errorsOf, pages, root, snippetsOf, split } from './snippets';

/**
 * Snippets of the pages on the edge are statements of a Pulumi program, with everything of `lintel/edge` imported. One
 * that imports something itself is a program of its own: it is type-checked, not run.
 */
const snippets = pages()
  .filter((page) => page.includes('examples/edge'))
  .flatMap(snippetsOf);
const isProgram = (code: string) => split(code).imports !== '';
let directory: string;

beforeAll(() => {
  mkdirSync(path.join(root, '.cache'), { recursive: true });
  directory = mkdtempSync(path.join(root, '.cache/edge-snippets-'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

function source(code: string): string {
  if (isProgram(code)) return code;
  const names = Object.keys(lintelEdge).filter((name) => new RegExp(`\\b${name}\\b`).test(code));
  return `import { ${names.join(', ')} } from 'lintel/edge';\nexport function program() {\n${code}\n}`;
}

test('every snippet of the pages on the edge, and every example of a doc comment, compiles', () => {
  expect(errorsOf(directory, [...snippets, ...examples('edge')], source)).toEqual([]);
}, 60_000);

/** A module with whatever classes a snippet names. */
const HANDLER = `import { DurableObject, WorkflowEntrypoint } from 'cloudflare:workers';
export default { fetch: () => new Response(), queue() {}, scheduled() {} };
export class ChatRoom extends DurableObject {}
export class CleanUp extends WorkflowEntrypoint {}
`;

test.each(snippets.filter(({ code }) => !isProgram(code)).map((snippet) => [snippet.place, snippet.code]))(
  'the snippet at %s synthesizes',
  async (_, code) => {
    const { outputText } = ts.transpileModule(source(code), {
      compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
    });
    const exported: { program?: () => void } = {};
    const modules: Record<string, unknown> = { 'lintel/edge': lintelEdge, '@pulumi/pulumi': pulumi };
    new Function('exports', 'require', outputText)(exported, (name: string) => modules[name]);
    const work = mkdtempSync(path.join(directory, 'work-'));
    const write = (file: string, content: string) => {
      mkdirSync(path.dirname(path.join(work, file)), { recursive: true });
      writeFileSync(path.join(work, file), content);
    };
    for (const [, file] of code.matchAll(/'(workers\/[\w./-]+\.ts)'/g)) write(file!, HANDLER);
    write('migrations/0001_first.sql', 'SELECT 1;');
    write('dist/index.html', '<h1>Home</h1>');
    const before = process.cwd();
    process.chdir(work);
    try {
      const graph = await synthesize(exported.program!, { config: { 'cloudflare:accountId': 'account' } });
      expect(graph.resources).not.toEqual([]);
    } finally {
      process.chdir(before);
    }
  },
);
