'use strict';
// The only file that knows CloudFormation's official validator. It runs in a thread of its own: its WebAssembly takes
// seconds to begin, keeps its memory until the thread ends, and after a panic it is of no use any more.
const path = require('node:path');
const { setFlagsFromString } = require('node:v8');
const { parentPort, workerData } = require('node:worker_threads');

/** @typedef {{ id: string, severity: string, description: string }} RuleText */
/** @typedef {{ ruleId: string, severity: string, message: string, suggestedFix?: string, propertyPath?: string, startLine?: number, startColumn?: number, entity?: { logicalId: string, entityType: string } }} Diagnostic */
/** @typedef {{ name: string, file: string, account?: string, region?: string }} Request */
/** @typedef {{ listRules(): RuleText[], validateTemplate(template: object, config: object): { diagnostics: Diagnostic[] } }} Engine */
/** @typedef {{ version(): string, CompositeEngine: new () => Engine, TemplateFile: new (path: string) => object }} Module */

/** What CDK leaves out as well: what concerns those who write templates by hand, and what CDK itself does. */
const LEFT_OUT = ['W3005', 'W1020', 'I4010', 'W4011', 'W4012', 'W9002', 'W9013', 'W1103'];

// Compiling 9 MB of WebAssembly a second time, with optimisation, costs more CPU and memory than it saves on any template,
// and goes on behind a process that wants to end.
setFlagsFromString('--liftoff-only');

if (parentPort === null) throw new Error('runs in a worker');
const port = parentPort;
/** @type {string} */
const file = workerData.module;
let { module: validator, engine } = begin();
port.postMessage({
  version: validator.version(),
  rules: engine.listRules().map(({ id, severity, description }) => ({ id, severity, description })),
});

port.on('message', (/** @type {Request} */ request) => {
  port.postMessage({ name: request.name, ...answer(request) });
});

/** @param {Request} request */
function answer({ file, account, region }) {
  try {
    const { diagnostics } = engine.validateTemplate(new validator.TemplateFile(file), {
      detailLevel: 'STANDARD',
      severityLevel: 'WARN',
      pseudoParameterOverrides: { accountId: account, region },
      exclude: { ids: LEFT_OUT },
    });
    return { diagnostics };
  } catch (error) {
    // A panic: the instance is lost, and the next template needs a new one.
    if (error instanceof Error && error.name === 'RuntimeError') ({ module: validator, engine } = begin());
    return { failure: error instanceof Error ? error.message : String(error) };
  }
}

/** @returns {{ module: Module, engine: Engine }} an instance of its own, whatever was loaded before */
function begin() {
  const directory = path.dirname(file) + path.sep;
  for (const loaded of Object.keys(require.cache)) {
    if (loaded.startsWith(directory)) delete require.cache[loaded];
  }
  /** @type {Module} */
  const module = require(file);
  return { module, engine: new module.CompositeEngine() };
}
