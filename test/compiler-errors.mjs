// Prints, as JSON, what TypeScript 7 says of files of a project: `node compiler-errors.mjs tsconfig.json FILE...`.
// A process of its own: its API is an ES module, which jest cannot load.
import { API } from 'typescript-7/unstable/sync';

const [config = '', ...files] = process.argv.slice(2);
const api = new API();
try {
  const [project] = api.updateSnapshot({ openProjects: [config] }).getProjects();
  if (!project) throw new Error(`${config} was not opened`);
  const { program } = project;
  const found = [
    ...program.getConfigFileParsingDiagnostics(),
    ...program.getProgramDiagnostics(),
    ...program.getGlobalDiagnostics(),
    ...files.flatMap((file) => [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)]),
  ];
  process.stdout.write(
    JSON.stringify(found.map((one) => ({ file: one.fileName, start: one.pos, message: flat(one) }))),
  );
} finally {
  api.close();
}

/**
 * The message with all that explains it.
 * @param {import('typescript-7/unstable/sync').Diagnostic} diagnostic
 * @returns {string}
 */
function flat({ text, messageChain = [] }) {
  return [text, ...messageChain.map(flat)].join('\n');
}
