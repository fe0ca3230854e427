// Runs the test suite of jsonata-js as Pass states, one a case, and says where Step Functions differs from it.
//   npx tsx scripts/jsonata-suite.ts <folder with groups/ and datasets/>
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { type DefinitionFault, definitionFaults } from '../lib/core/asl/faults';
import { isRecord, type JsonObject, parseJson, recordOf, text } from '../lib/testing/local/kernel/json';
import { passState } from './pass-state';

interface Case {
  readonly name: string;
  readonly expression: string;
  readonly data: unknown;
  readonly expected: JsonObject;
}

/** Cases in which `$states.input.(...)` is not what the same expression is at the root. */
const WRAPPED = [
  'flattening/case037',
  'flattening/case038',
  'flattening/case045',
  'joins/library-joins',
  'parent-operator/errors',
  'wildcards/case010',
].map((name) => `${name}.json`);

/** Why a case cannot be the same in Step Functions; undefined where it has to be. */
function differs({ name, expression, data, expected }: Case): string | undefined {
  if (expected.token === 'NaN' || expected.recover !== undefined) return 'the parser recovers from errors, for editors';
  if (/\$\$/.test(expression)) return '$$ is refused';
  if (/\$eval\b/.test(expression)) return '$eval is refused';
  if (/\?\?|\?:/.test(expression)) return 'the operators ?? and ?: came after 2.0.6';
  if (expected.bindings !== undefined && Object.keys(recordOf(expected.bindings)).length > 0)
    return 'variables come from Assign';
  if (expected.timelimit !== undefined || expected.depth !== undefined)
    return 'depth and time have limits of their own';
  if (Array.isArray(data)) return 'there is no root that is a list';
  if (WRAPPED.includes(name)) return 'reading of the input instead of a root changes it';
  if (/\$(?:now|millis)\b/.test(expression)) return 'the time is that of the run';
  return undefined;
}

async function main(folder: string): Promise<void> {
  const counts = { same: 0, undefined: 0, failed: 0 };
  const reasons = new Map<string, number>();
  const wrong: string[] = [];
  for (const one of casesIn(folder)) {
    const reason = differs(one);
    const outcome = reason === undefined ? await tried(one) : undefined;
    if (outcome === undefined) reasons.set(reason!, (reasons.get(reason!) ?? 0) + 1);
    else if (outcome in counts) counts[outcome as keyof typeof counts]++;
    else wrong.push(`${one.name}: ${one.expression.slice(0, 120).replace(/\s+/g, ' ')}\n    ${outcome}`);
  }
  console.log(wrong.join('\n'));
  console.log(
    `${counts.same} give the same, ${counts.undefined} are undefined and fail, ${counts.failed} fail as they should; ${wrong.length} do not`,
  );
  for (const [reason, count] of reasons) console.log(`  ${count} not compared: ${reason}`);
  process.exit(wrong.length > 0 ? 1 : 0);
}

async function tried({ expression, data, expected }: Case): Promise<string> {
  // Step Functions has no root: what the suite reads of it is read of the input.
  const source = data === undefined ? expression : `$states.input.(${expression}\n)`;
  const output = `{% ${source} %}`;
  const failing = expected.code !== undefined || expected.error !== undefined;
  const definition = {
    QueryLanguage: 'JSONata',
    StartAt: 'P',
    States: { P: { Type: 'Pass', Output: output, End: true } },
  };
  const faults = definitionFaults(JSON.stringify(definition), false);
  if (faults.length > 0) return failing || isTopLevel(faults) ? 'failed' : `refused: ${faults[0]?.message}`;
  const { status, output: given, cause } = await passState(definition, data ?? {});
  if (failing) return status === 'FAILED' ? 'failed' : `gave ${given}, was to fail with ${text(expected.code)}`;
  if (expected.undefinedResult === true) {
    return cause?.endsWith('returned nothing (undefined).') === true
      ? 'undefined'
      : `gave ${given ?? cause}, was to be undefined`;
  }
  const wanted = JSON.stringify(expected.result);
  if (given !== undefined && equal(parseJson(given), expected.result)) return 'same';
  return `gave ${given ?? cause}, was to give ${wanted}`;
}

/** A name that is read of nothing is undefined in the suite; AWS refuses it. */
function isTopLevel(faults: readonly DefinitionFault[]): boolean {
  return faults.every(({ code }) => code === 'UNSUPPORTED_JSONATA_EXPRESSION');
}

function* casesIn(folder: string): Iterable<Case> {
  const read = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'));
  const groups = path.join(folder, 'groups');
  for (const group of readdirSync(groups)) {
    for (const file of readdirSync(path.join(groups, group)).filter((name) => name.endsWith('.json'))) {
      const content = read(path.join(groups, group, file));
      for (const one of [content].flat().filter(isRecord)) {
        const dataset = text(one.dataset);
        const beside = text(one['expr-file']);
        const expression =
          beside === undefined ? text(one.expr) : readFileSync(path.join(groups, group, beside), 'utf8');
        const data = dataset === undefined ? one.data : read(path.join(folder, 'datasets', `${dataset}.json`));
        yield {
          name: `${group}/${file}`,
          expression: expression ?? '',
          data: data === null ? undefined : data,
          expected: one,
        };
      }
    }
  }
}

function equal(one: unknown, other: unknown): boolean {
  if (typeof one === 'number' && typeof other === 'number') return Math.abs(one - other) <= 1e-9 * Math.abs(other);
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length && one.every((item, index) => equal(item, other[index]));
  }
  if (isRecord(one) && isRecord(other)) {
    const names = Object.keys(one);
    return names.length === Object.keys(other).length && names.every((name) => equal(one[name], other[name]));
  }
  return one === other;
}

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('name the folder of the test suite: the one with groups/ and datasets/');
main(folder).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
