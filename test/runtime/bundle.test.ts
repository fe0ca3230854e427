import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { build, type Plugin } from 'esbuild';

const root = path.resolve(__dirname, '../..');

/** As the package says of its ES modules: what is not used may be left out, with what it imports. */
const shipped: Plugin = {
  name: 'shipped',
  setup: ({ onResolve, resolve }) =>
    onResolve({ filter: /^\./ }, async ({ path: file, resolveDir, kind, pluginData }) => {
      if (pluginData !== undefined) return undefined;
      const found = await resolve(file, { resolveDir, kind, pluginData: true });
      return { path: found.path, sideEffects: false };
    }),
};

/** What a handler that imports some names brings, beside the SDK of the Lambda runtime. */
async function bundled(names: string, external: readonly string[] = []) {
  const { outputFiles, metafile } = await build({
    stdin: { contents: `export { ${names} } from './lib/runtime/index';`, resolveDir: root },
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    external: ['@aws-sdk/*', ...external],
    plugins: [shipped],
    write: false,
    metafile: true,
  });
  const { contents } = outputFiles[0]!;
  const imports = Object.values(metafile.outputs).flatMap((output) => output.imports.map((file) => file.path));
  return {
    bytes: contents.length,
    zipped: gzipSync(contents, { level: 9 }).length,
    imports: [...new Set(imports)].sort(),
  };
}

const DATA = ['@aws-sdk/client-dynamodb', '@aws-sdk/client-s3'];
const OWN = ['@aws-sdk/util-dynamodb', 'node:crypto'];

/** Why it is not 10 KB before compression is in decisions/027. */
test.each([
  ['EventStore', 14_700, [...DATA, '@aws-sdk/client-lambda', ...OWN]],
  ['projection', 18_100, [...DATA, '@aws-sdk/client-sqs', ...OWN]],
  ['projectionInto', 14_200, [...DATA, '@aws-sdk/client-sqs', ...OWN]],
  [
    'EventStore, ConcurrencyError, projection, total',
    26_000,
    [...DATA, '@aws-sdk/client-lambda', '@aws-sdk/client-sqs', ...OWN],
  ],
])(
  '%s is small, under 10 KB as it is uploaded, and needs no client that it does not use',
  async (names, most, clients) => {
    const { bytes, zipped, imports } = await bundled(names);
    expect(bytes).toBeLessThan(most);
    expect(zipped).toBeLessThan(10_240);
    expect(imports).toEqual([...clients].sort());
  },
);

/** What is no part of the SDK, which Lambda has, or of Node.js. */
const others = (imports: readonly string[]) =>
  imports.filter((name) => !name.startsWith('@aws-sdk/') && !name.startsWith('node:'));

test('mysql is small, and brings nothing but itself', async () => {
  const { bytes, imports } = await bundled('mysql');
  expect(bytes).toBeLessThan(4_000);
  expect(others(imports)).toEqual([]);
});

test('postgres brings its driver, and 7 KB of its own', async () => {
  const { bytes, imports } = await bundled('postgres', ['pg']);
  expect(bytes).toBeLessThan(7_000);
  expect(others(imports)).toEqual(['pg']);
});
