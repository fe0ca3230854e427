// Runs esbuild with the plugins of a module: a request as JSON on standard input, the answer as JSON on standard output.
const { readFileSync } = require('node:fs');
const { pathToFileURL } = require('node:url');

const answerOf = process.stdout.write.bind(process.stdout);
// What a plugin prints is no answer.
process.stdout.write = process.stderr.write.bind(process.stderr);

/** @param {unknown} error */
const failed = (error) => ({ errors: [{ text: `'bundling.plugins': ${String(error)}`, location: null }] });

async function main() {
  const { options, plugins: file, esbuild } = JSON.parse(readFileSync(0, 'utf8'));
  /** @type {unknown} */
  let plugins;
  try {
    plugins = (await import(pathToFileURL(file).href)).default;
  } catch (error) {
    return failed(error);
  }
  if (!Array.isArray(plugins)) return failed(`'${file}' must have a list of plugins as its default export`);
  try {
    const result = await require(esbuild).build({ ...options, plugins });
    const outputFiles = result.outputFiles.map((/** @type {import('esbuild').OutputFile} */ { path, contents }) => ({
      path,
      base64: Buffer.from(contents).toString('base64'),
    }));
    return { ...result, outputFiles };
  } catch (error) {
    const { errors } = /** @type {Partial<import('esbuild').BuildFailure>} */ (error);
    return errors ? { errors } : failed(error);
  }
}

void main().then((answer) => answerOf(JSON.stringify(answer), () => process.exit()));
