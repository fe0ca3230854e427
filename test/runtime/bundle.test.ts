import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { buildSync } from 'esbuild';

/** What a handler that imports some names brings, beside the SDK of the Lambda runtime. */
function bundled(
  names: string,
  external: readonly string[] = [],
): {
  readonly bytes: number;
  readonly zipped: number;
  readonly imports: readonly string[];
} {
  const { outputFiles, metafile } = buildSync({
    stdin: {
      contents: `export { ${names} } from './lib/runtime/index';`,
      resolveDir: path.resolve(__dirname, '../..'),
    },
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node20',
    external: ['@aws-sdk/*', ...external],
    write: false,
    metafile: true,
  });
  const { contents } = outputFiles[0]!;
  const imports = Object.values(metafile.outputs).flatMap((output) => output.imports.map((file) => file.path));
  return { bytes: contents.length, zipped: gzipSync(contents, { level: 9 }).length, imports: [...new Set(imports)] };
}

test.each([
  ['EventStore', 16_500],
  ['projection', 19_700],
  ['EventStore, ConcurrencyError, projection, total', 27_500],
  ['mysql', 4_000],
])('%s is small, and under 10 KB as it is uploaded', (names, most) => {
  const { bytes, zipped, imports } = bundled(names);
  expect(bytes).toBeLessThan(most);
  expect(zipped).toBeLessThan(10_240);
  expect(imports.filter((name) => !name.startsWith('@aws-sdk/') && !name.startsWith('node:'))).toEqual([]);
});

test('postgres brings its driver, and 7 KB of its own', () => {
  const { bytes, imports } = bundled('postgres', ['pg']);
  expect(bytes).toBeLessThan(7_000);
  expect(imports.filter((name) => !name.startsWith('@aws-sdk/') && !name.startsWith('node:'))).toEqual(['pg']);
});
