// `tsc -p CONFIG...` of TypeScript 5: all configurations in one process, which reads each file once, and of the declarations
// it checks ours alone. Those of others take most of its time, and are not ours to mend. Prints, as JSON, what it finds by
// configuration.
import { createRequire } from 'node:module';

// By `require`, which does not look through nine megabytes for names.
const require = createRequire(import.meta.url);
/** @type {typeof import('typescript')} */
const ts = require('typescript');

/** @type {Map<string, import('typescript').SourceFile>} */
const read = new Map();
const names = { getCurrentDirectory: () => process.cwd(), getCanonicalFileName: String, getNewLine: () => '\n' };
const found = process.argv.slice(2).map((config) => [config, ts.formatDiagnostics(errorsOf(config), names)]);
process.stdout.write(JSON.stringify(Object.fromEntries(found)));

/** @param {string} config */
function errorsOf(config) {
  const parsed = ts.getParsedCommandLineOfConfigFile(config, undefined, {
    ...ts.sys,
    onUnRecoverableConfigFileDiagnostic: ({ messageText }) => {
      throw new Error(ts.flattenDiagnosticMessageText(messageText, '\n'));
    },
  });
  if (!parsed) throw new Error(`${config} cannot be read`);
  const program = ts.createProgram(parsed.fileNames, parsed.options, hostOf(parsed.options));
  const ours = program
    .getSourceFiles()
    .filter(({ fileName }) => /\/node_modules\/lintel\/|^(?!.*\/node_modules\/)/.test(fileName));
  return [
    ...parsed.errors,
    ...program.getOptionsDiagnostics(),
    ...program.getGlobalDiagnostics(),
    ...ours.flatMap((file) => [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)]),
    // One by one: whoever emits all has all checked, the declarations of others as well.
    ...ours.flatMap((file) => program.emit(file).diagnostics),
  ];
}

/** @param {import('typescript').CompilerOptions} options */
function hostOf(options) {
  const host = ts.createCompilerHost(options);
  // What comments say has no types, as for `tsc`.
  host.jsDocParsingMode = ts.JSDocParsingMode.ParseNone;
  const readFile = host.readFile.bind(host);
  host.readFile = (file) => {
    const text = readFile(file);
    // The CDK's index has 350 services. One that ours name, and not by its own path, would be found missing.
    return file.endsWith('/aws-cdk-lib/index.d.ts') ? text?.replace(/^export \* as aws_.*\n/gm, '') : text;
  };
  const getSourceFile = host.getSourceFile.bind(host);
  host.getSourceFile = (file, ...others) => {
    const known = read.get(file) ?? getSourceFile(file, ...others);
    if (known) read.set(file, known);
    return known;
  };
  return host;
}
