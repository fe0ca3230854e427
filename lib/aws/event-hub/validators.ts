import { dirname } from 'node:path';
import type Ajv from 'ajv';
import type * as Ajv2020 from 'ajv/dist/2020';
import type * as Standalone from 'ajv/dist/standalone';
import type addFormats from 'ajv-formats';
import { runEsbuild } from '../../core/bundle/esbuild';
import type { Check } from '../../core/check/check';
import type { JsonSchema } from '../../core/event-schema/json-schema';
import { isRecord } from '../../core/record';

type Schemas = Readonly<Record<string, JsonSchema>>;

/** Checks that validators can be generated: ajv is installed, and accepts every schema. */
export function validatorChecks(validate: boolean | undefined, schemas: Schemas | undefined): Check[] {
  if (validate !== true) return [];
  const row = { prop: 'validate', value: validate };
  if (schemas === undefined)
    return [
      {
        ...row,
        valid: () => false,
        rule: "must not be true without 'events', the schemas to validate data against",
        remedy: 'give the schemas, or remove it',
      },
    ];
  if (!isThere())
    return [
      {
        ...row,
        valid: () => false,
        rule: 'must not be true without ajv, which generates the validators',
        remedy: "run 'npm install --save-dev ajv ajv-formats'",
      },
    ];
  return Object.entries(schemas).flatMap(([type, schema]): Check[] => {
    const fault = faultOf(schema);
    if (fault === undefined) return [];
    const rule = `must be a schema that a validator can be generated from: ${fault}`;
    return [{ prop: `events.${type}`, value: schema, valid: () => false, rule, remedy: 'fix it' }];
  });
}

function isThere(): boolean {
  try {
    return [require.resolve('ajv'), require.resolve('ajv-formats')].length > 0;
  } catch {
    return false;
  }
}

function faultOf(schema: JsonSchema): string | undefined {
  try {
    compilerOf([schema]).compile(schema);
    return undefined;
  } catch (error) {
    return (error as Error).message.replace(/[\r\n]+/g, ' ').slice(0, 300);
  }
}

const DRAFT_7 = /^http:\/\/json-schema\.org\/draft-0[67]\/schema#?$/;

/** A compiler for the dialect that `$schema` names, 2020-12 by default; refuses unknown keywords. */
function compilerOf(schemas: readonly JsonSchema[]): Ajv {
  const [{ $schema: dialect } = {}] = schemas;
  const options = { strict: true, strictTypes: false, strictTuples: false, allErrors: true, code: { source: true } };
  const older = typeof dialect === 'string' && DRAFT_7.test(dialect);
  const Compiler = older
    ? (require('ajv') as { default: typeof Ajv }).default
    : (require('ajv/dist/2020') as typeof Ajv2020).default;
  const ajv = new Compiler({ ...options, logger: false });
  (require('ajv-formats') as { default: typeof addFormats }).default(ajv);
  // Purely descriptive keywords do not constrain the data.
  for (const name of new Set(schemas.flatMap(describing))) ajv.addKeyword(name);
  return ajv;
}

function describing(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(describing);
  if (!isRecord(value)) return [];
  const own = Object.keys(value).filter((name) => /^x-/.test(name) || name === 'example');
  return [...own, ...Object.values(value).flatMap(describing)];
}

/**
 * Self-contained JavaScript for the start of a bundle: data validators for some types, which
 * `publisher()` of `lintel/runtime` finds by the name in `access`. What several of them share is included once.
 * @see https://ajv.js.org/standalone.html
 */
export function validatorCode(name: string, types: readonly string[], schemas: Schemas): string {
  const variable = JSON.stringify(name);
  const own = [...types].sort().map((type) => `own[${JSON.stringify(type)}]=${functionOf(schemas[type]!)};`);
  return bundled(
    `const all=globalThis[Symbol.for('lintel.validators')]??={};const own=all[${variable}]??={};${own.join('\n')}`,
  );
}

const made = new WeakMap<JsonSchema, string>();

/** An expression that evaluates to a validator, requiring the parts of ajv it needs. */
function functionOf(schema: JsonSchema): string {
  const known = made.get(schema);
  if (known !== undefined) return known;
  const ajv = compilerOf([schema]);
  const standalone = (require('ajv/dist/standalone') as typeof Standalone).default;
  const code = standalone(ajv, ajv.compile(schema));
  const expression = `(()=>{const module={exports:{}};const exports=module.exports;${code};return exports.default??module.exports})()`;
  made.set(schema, expression);
  return expression;
}

/** Cached by source: functions often publish the same events. */
const bundles = new Map<string, string>();

function bundled(contents: string): string {
  const known = bundles.get(contents);
  if (known !== undefined) return known;
  const [output] = runEsbuild({
    stdin: { contents, resolveDir: dirname(require.resolve('ajv')), sourcefile: 'validator.js' },
    alias: {
      'ajv-formats': dirname(dirname(require.resolve('ajv-formats'))),
      ajv: dirname(dirname(require.resolve('ajv'))),
    },
    bundle: true,
    minify: true,
    format: 'iife',
    target: 'es2022',
  }).outputFiles;
  const code = output!.text.trim();
  bundles.set(contents, code);
  return code;
}
