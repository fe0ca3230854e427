import { execFileSync } from 'node:child_process';
import type { Inputs, ProviderPackage } from './provider';
import type { Properties, Specification } from './specification';

/** The source of the table of aws-native's types: which inputs are not CloudFormation's name with a small first letter. */
export function nativeTypes({ version, types }: ProviderPackage, specification: Specification): string {
  const tokens = new Map([...types.keys()].map((token) => [token.toLowerCase(), token]));
  const rows = typesThatAreRead().flatMap((type) => {
    const [, service, name] = type.split('::');
    const token = tokens.get(`aws-native:${service}:${name}`.toLowerCase());
    const properties = token === undefined ? undefined : specification.properties(type);
    if (token === undefined || properties === undefined) return [];
    const renamed: string[] = [];
    const verbatim: string[] = [];
    compare(types.get(token)!.inputs, properties, { from: '', to: '' }, { renamed, verbatim });
    return [`  '${token}': ['${type}', '${renamed.join(' ')}', '${verbatim.join(' ')}'],`];
  });
  return `/**
 * Types of Pulumi's aws-native provider ${version} that rules or the evaluator read: CloudFormation's name; inputs that are not
 * CloudFormation's with a small first letter (\`from=to\`); those inside of which names are the user's. Written by
 * scripts/aws-facts.ts.
 */
export const NATIVE_FACTS: Readonly<Record<string, readonly [type: string, renamed: string, verbatim: string]>> = {
${rows.join('\n')}
};
`;
}

/** Every type that stands in the source of the rules and of the evaluator. */
function typesThatAreRead(): string[] {
  const found = execFileSync('grep', [
    '-rhoE',
    'AWS::[A-Za-z0-9]+::[A-Za-z0-9]+',
    'lib/rules',
    'lib/access',
    'lib/core/iam',
  ]);
  return [...new Set(found.toString().trim().split('\n'))].sort();
}

function compare(
  inputs: Inputs,
  properties: Properties,
  { from, to }: { readonly from: string; readonly to: string },
  found: { readonly renamed: string[]; readonly verbatim: string[] },
): void {
  for (const [name, below] of Object.entries(inputs)) {
    const there = Object.keys(properties).find((one) => one.toLowerCase() === name.toLowerCase());
    if (there === undefined) continue;
    const [source, place] = [
      [from, name],
      [to, there],
    ].map((names) => names.filter(Boolean).join('.')) as [string, string];
    if (there !== name.charAt(0).toUpperCase() + name.slice(1)) found.renamed.push(`${source}=${place}`);
    const shape = properties[there];
    if (shape === '*' && there !== 'Tags') found.verbatim.push(place);
    // What is deep down in a schema of a service's own is read by nothing.
    else if (typeof below === 'object' && typeof shape === 'object' && place.split('.').length < 4) {
      compare(below, shape, { from: source, to: place }, found);
    }
  }
}
