// Evaluates JSONata in a thread of its own, which can be ended when an expression never comes to an end.
const { parentPort } = require('node:worker_threads');
const jsonata = require('jsonata');
const { addFunctions, MAX_ELEMENTS, MEMORY } = require('./functions');

/** AWS refuses expressions that nest deeper, whether by recursion or as they are written. */
const MAX_DEPTH = 100;

const CODES = {
  D1011: 'Stack overflow error: Check for non-terminating recursive function. Consider rewriting as tail-recursive',
  D2014: MEMORY.message,
  D2015: MEMORY.message,
};

/** @type {Map<string, import('jsonata').Expression>} */
const known = new Map();
const format = jsonata('$fromMillis($millis, $picture, $timezone)');

/** An expression that failed. */
class Failed extends Error {
  /** @param {object} details */
  constructor(details) {
    super('failed');
    this.details = details;
  }
}

/**
 * @param {string} source
 * @param {string} field
 * @param {{ bindings: Record<string, unknown>, now: number }} job
 */
async function evaluated(source, field, { bindings, now }) {
  const expression = source.trim();
  const fail = (/** @type {object} */ details) => new Failed({ expression, field, ...details });
  let result;
  try {
    const compiled = known.get(source) ?? jsonata(source, { stack: MAX_DEPTH, sequence: MAX_ELEMENTS });
    known.set(source, compiled);
    addFunctions(compiled, now, format);
    result = await compiled.evaluate(undefined, bindings);
  } catch (error) {
    const { code, message } = /** @type {{ code?: keyof typeof CODES, message?: string }} */ (error);
    const limit = code && CODES[code];
    const said = message ?? String(error);
    throw fail({ kind: 'error', message: limit ?? said, ...(code && !limit && { code }) });
  }
  if (result === undefined) throw fail({ kind: 'undefined' });
  if (holdsFunction(result)) throw fail({ kind: 'function' });
  return JSON.parse(JSON.stringify(result, asJson));
}

/**
 * JSON has no word for what is not finite; AWS gives its name.
 * @param {string} _
 * @param {unknown} value
 */
function asJson(_, value) {
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
}

/**
 * @param {unknown} value
 * @returns {boolean}
 */
function holdsFunction(value) {
  if (typeof value === 'function') return true;
  if (typeof value !== 'object' || value === null) return false;
  if ('_jsonata_lambda' in value || '_jsonata_function' in value || value instanceof RegExp) return true;
  // A list that JSONata makes has functions of its own beside its items.
  return (Array.isArray(value) ? value : Object.values(value)).some(holdsFunction);
}

/**
 * @param {unknown} template
 * @param {string} field
 * @param {{ bindings: Record<string, unknown>, now: number }} job
 * @returns {Promise<unknown>}
 */
async function filled(template, field, job) {
  if (typeof template === 'string') {
    const marked = template.length >= 4 && template.startsWith('{%') && template.endsWith('%}');
    return marked ? evaluated(template.slice(2, -2), field, job) : template;
  }
  if (typeof template !== 'object' || template === null) return template;
  /** @type {[string, unknown][]} */
  const entries = [];
  for (const [name, item] of Object.entries(template)) {
    const place = Array.isArray(template) ? `${field}[${name}]` : `${field}/${name}`;
    entries.push([name, await filled(item, place, job)]);
  }
  return Array.isArray(template) ? entries.map(([, item]) => item) : Object.fromEntries(entries);
}

parentPort?.on('message', async (job) => {
  try {
    parentPort?.postMessage({ value: await filled(job.template, job.field, job) });
  } catch (error) {
    parentPort?.postMessage({
      failure: error instanceof Failed ? error.details : { kind: 'error', field: job.field, message: String(error) },
    });
  }
});
