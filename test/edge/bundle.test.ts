import { copyFileSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { bundle } from '../../lib/edge/bundle';

const workers = 'test/edge/workers';
const text = (file: string) => readFileSync(file, 'utf8');

test('bundles a handler with its source map, WebAssembly and text', () => {
  const { main, files, exports, errors } = bundle('imports', `${workers}/imports.ts`);
  expect(errors).toEqual([]);
  expect(exports).toEqual(['Room', 'value']);
  expect(files.map(({ name, contentType }) => [name.replace(/-\w+\./, '-<hash>.'), contentType])).toEqual([
    ['answer-<hash>.wasm', 'application/wasm'],
    ['index.js.map', 'application/source-map'],
  ]);
  const code = text(main.file);
  expect(code).toContain(`from "./${files[0]!.name}"`);
  expect(code).toContain('from "node:events"');
  expect(code).toContain('from "cloudflare:workers"');
  expect(code).toContain('SELECT 42');
  expect(code).toMatch(/export default \{\};\n\/\/# sourceMappingURL=index\.js\.map\n$/);
});

test('gives the same bytes each time, and writes them only once', () => {
  const first = bundle('imports', `${workers}/imports.ts`);
  const written = statSync(first.main.file).mtimeMs;
  expect(bundle('imports', `${workers}/imports.ts`)).toEqual(first);
  expect(statSync(first.main.file).mtimeMs).toBe(written);
  rmSync('.lintel/project-stack-imports', { recursive: true });
  expect(bundle('imports', `${workers}/imports.ts`)).toEqual(first);
});

test('names no directory of the machine', () => {
  const { main, files } = bundle('imports', `${workers}/imports.ts`);
  for (const { name, file } of [main, ...files]) {
    expect(file).toMatch(/^\.lintel\//);
    if (name !== 'answer.wasm') expect(text(file)).not.toContain(process.cwd());
  }
});

test('lets a CommonJS dependency require what the runtime has', () => {
  const { main } = bundle('requires', `${workers}/requires.cjs.ts`);
  expect(text(main.file)).toContain('createRequire');
});

test('takes a query off the names of modules, and further files as it is told', () => {
  const root = '.cache/test/rules-workers';
  mkdirSync(`${root}/pages`, { recursive: true });
  copyFileSync(`${workers}/answer.wasm`, `${root}/answer.wasm`);
  writeFileSync(`${root}/page.md`, '# Hello');
  writeFileSync(`${root}/model.onnx`, 'weights');
  writeFileSync(`${root}/pages/home.ts`, 'export const title = "Home";');
  writeFileSync(
    `${root}/index.ts`,
    `import answer from './answer.wasm?module';
    import page from './page.md';
    import model from './model.onnx';
    export default { fetch: (request) => import(\`./pages/\${request.method}.ts\`).then(() => [answer, page, model]) };`,
  );
  const { main, files, errors } = bundle('rules', `${root}/index.ts`, { modules: { '.md': 'text', '.onnx': 'data' } });
  expect(errors).toEqual([]);
  const code = text(main.file);
  expect(code).toContain('# Hello');
  expect(code).toContain('"./pages/home.ts": () =>');
  for (const [name, type] of [
    ['answer', 'application/wasm'] as const,
    ['model', 'application/octet-stream'] as const,
  ]) {
    const file = files.find((each) => each.name.startsWith(name))!;
    expect(file.contentType).toBe(type);
    expect(code).toContain(`from "./${file.name}"`);
  }
});

test('leaves an import() alone that says itself that it is meant for the run', () => {
  const root = '.cache/test/meant-workers';
  mkdirSync(root, { recursive: true });
  const imports = (code: string) => {
    writeFileSync(`${root}/index.mjs`, `export default { fetch: ({ url }) => ${code} };`);
    return bundle('meant', `${root}/index.mjs`).errors.length;
  };
  // As Vite leaves them in what it has built.
  expect(imports('import(\n\t/* @vite-ignore */\n\turl\n)')).toBe(0);
  expect(imports('import(/* é */\n/* webpackIgnore: true */\n/* @vite-ignore */ url)')).toBe(0);
  expect(imports('["é", import(/* webpackIgnore: true */ url)]')).toBe(0);
  expect(imports('import(/* webpackIgnore: false */ url)')).toBe(1);
  expect(imports('[import(url), "/* @vite-ignore */"]')).toBe(1);
});

const faulty = '.cache/test/faulty-workers';

test.each([
  [
    'broken.ts',
    "import './imports';\nexport default { fetch() { return new Response('hello' };",
    [`${faulty}/broken.ts:2:56: Expected ")" but found "}"`],
  ],
  [
    'lost.ts',
    "import { gone } from './gone';\nexport default gone;",
    [`${faulty}/lost.ts:1:22: Could not resolve "./gone"`],
  ],
  [
    'unknown.ts',
    'export default { fetch: (request) => import(request.url) };',
    [
      `${faulty}/unknown.ts:1:38: nothing is uploaded for an import() of a path known only at run time; write the path, or a template that starts with a folder: import(\`./pages/\${name}.ts\`)`,
    ],
  ],
  [
    'page.ts',
    "import page from './page.md';\nexport default page;",
    [
      `${faulty}/page.ts:1:18: '${faulty}/page.md' is not code; say what it is in 'modules': { '.md': 'text' }, or 'data', or 'wasm'`,
    ],
  ],
  ['data.wasm', 'x', [`'${faulty}/data.wasm' is not code: name a '.ts' or '.js' module`]],
  ['none.ts', undefined, [`there is no file '${faulty}/none.ts' in ${process.cwd()}`]],
])('says where %s is wrong', (file, source, errors) => {
  mkdirSync(faulty, { recursive: true });
  writeFileSync(`${faulty}/page.md`, '# Hello');
  if (source !== undefined) writeFileSync(`${faulty}/${file}`, source);
  expect(bundle('wrong', `${faulty}/${file}`)).toMatchObject({ errors, exports: [] });
});
