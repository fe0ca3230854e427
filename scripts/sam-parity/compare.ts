/**
 * Judges SAM templates as we expand them and as the official translator does, and says where the two differ.
 *
 *     python scripts/sam-parity/translate.py IN OUT
 *     npx tsx scripts/sam-parity/compare.ts IN OUT [--all]
 *
 * A template agrees when the findings, what is unknown and the access matrix are the same. Ids that the translator makes
 * up are compared without their hash, and routes by their key, wherever they are described.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { accessMatrix } from '../../lib/access/matrix';
import type { Model } from '../../lib/core/model/model';
import { ReadError } from '../../lib/core/model/read-error';
import { readTemplate } from '../../lib/core/model/read-template';
import { unreadIn } from '../../lib/core/model/unread';
import { judge } from '../../lib/rules/judge';
import { RULES } from '../../lib/rules/rules/registry';

const [source, target, ...flags] = process.argv.slice(2);
if (source === undefined || target === undefined) {
  process.stderr.write('compare.ts IN OUT [--all]\n');
  process.exit(2);
}

/** The ten digits that the translator appends to ids of what is made anew when its content changes. */
const HASH = /([A-Za-z]|V2)[0-9a-f]{10}(?=$|[^0-9A-Za-z])/g;

function withoutHashes(text: string): string {
  return text.replace(HASH, '$1');
}

function findingsOf(model: Model): string[] {
  const { findings, unknown } = judge(model, { rules: RULES });
  return [...findings, ...unknown].map(({ rule, acknowledge, resource, message }) => {
    const [, route] = /\[((?:GET|PUT|POST|DELETE|PATCH|HEAD|OPTIONS|ANY|\$default)\b.*)\]$/.exec(acknowledge) ?? [];
    // Where an authorizer stands, in a resource or in the document, is the translator's choice.
    const where = rule === 'InvokePermission' || rule === 'RoleTrust' ? '' : (routeIn(message) ?? route ?? resource);
    return withoutHashes(`${rule} ${where} ${message}`);
  });
}

/** The route that a message names: `declares a model for POST /orders, ...`. */
function routeIn(message: string): string | undefined {
  return /\bfor ((?:GET|PUT|POST|DELETE|PATCH|HEAD|OPTIONS|ANY) \S+?),/.exec(message)?.[1];
}

function accessOf(model: Model): string[] {
  return accessMatrix(model).entries.map((entry) => {
    const { principal, resource, verdict, actions, conditions, through } = entry;
    return withoutHashes(
      `${principal.kind} ${principal.name} ${verdict} ${through} ${resource}: ${[...actions].sort().join(',')} ${conditions.join(' & ')}`,
    );
  });
}

/** The translator's own inputs leave the transform out that they are for, and we read nothing of SAM without it. */
function withTransform(text: string): string {
  const names = /^Transform:|"Transform"\s*:/m.test(text) || /^\s*\{/.test(text);
  return names ? text : `Transform: AWS::Serverless-2016-10-31\n${text.replace(/^(%YAML.*\n)?(---.*\n)?/, '')}`;
}

/** What stands in one list and not in the other, as often as it does. */
function difference(ours: readonly string[], theirs: readonly string[]): string[] {
  const left = [...theirs];
  const more: string[] = [];
  for (const one of ours) {
    const index = left.indexOf(one);
    if (index < 0) more.push(`+ ${one}`);
    else left.splice(index, 1);
  }
  return [...more, ...left.map((one) => `- ${one}`)];
}

function compared(file: string): { readonly differences: readonly string[]; readonly unread: readonly string[] } {
  const read = (place: string, text: string): Model => readTemplate(text, { name: 'T', file: place });
  const [own, translated] = [path.join(source!, file), path.join(target!, `${file}.json`)];
  const ours = read(own, withTransform(readFileSync(own, 'utf8')));
  const theirs = read(translated, readFileSync(translated, 'utf8'));
  const differences = [
    ...difference(findingsOf(ours), findingsOf(theirs)),
    ...difference(accessOf(ours), accessOf(theirs)),
  ];
  return { differences, unread: unreadIn(ours).map(({ reason }) => reason) };
}

const counts = { same: 0, unread: 0, different: 0, refused: 0 };
for (const file of readdirSync(target).sort()) {
  if (!file.endsWith('.json')) continue;
  const name = file.slice(0, -'.json'.length);
  try {
    const { differences, unread } = compared(name);
    if (differences.length === 0) counts.same += 1;
    else if (unread.length > 0) counts.unread += 1;
    else counts.different += 1;
    if (differences.length === 0 || (unread.length > 0 && !flags.includes('--all'))) continue;
    process.stdout.write(`${name}${unread.length > 0 ? ` (not read: ${unread.join('; ')})` : ''}\n`);
    for (const line of differences) process.stdout.write(`  ${line}\n`);
  } catch (error) {
    if (!(error instanceof ReadError)) throw error;
    counts.refused += 1;
    process.stdout.write(`${name}\n  refused: ${error.message}\n`);
  }
}
const judged = counts.same + counts.different + counts.unread;
process.stdout.write(
  `${counts.same} of ${judged} the same (${((100 * counts.same) / judged).toFixed(1)} %), ` +
    `${counts.unread} differ and say what was not read, ${counts.different} differ, ${counts.refused} refused\n`,
);
