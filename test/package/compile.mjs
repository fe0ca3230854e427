// `tsc -p CONFIG` of TypeScript 5, but of the declarations it checks ours alone: those of others take most of its time, and
// are not ours to mend. Prints what it finds, and ends with 1 then.
import ts from 'typescript';

const config = process.argv[3] ?? '';
const host = {
  ...ts.sys,
  onUnRecoverableConfigFileDiagnostic: (/** @type {ts.Diagnostic} */ one) => {
    throw new Error(ts.flattenDiagnosticMessageText(one.messageText, '\n'));
  },
};
const parsed = ts.getParsedCommandLineOfConfigFile(config, undefined, host);
if (!parsed) throw new Error(`${config} cannot be read`);
const program = ts.createProgram(parsed.fileNames, parsed.options);
const ours = program
  .getSourceFiles()
  .filter(({ fileName }) => /\/node_modules\/lintel\/|^(?!.*\/node_modules\/)/.test(fileName));
const found = [
  ...parsed.errors,
  ...program.getOptionsDiagnostics(),
  ...program.getGlobalDiagnostics(),
  ...ours.flatMap((file) => [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)]),
  ...program.emit().diagnostics,
];
const names = { getCurrentDirectory: () => process.cwd(), getCanonicalFileName: String, getNewLine: () => '\n' };
process.stdout.write(ts.formatDiagnostics(found, names));
process.exitCode = found.length > 0 ? 1 : 0;
