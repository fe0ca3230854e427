import { type Runtime, RuntimeFamily } from 'aws-cdk-lib/aws-lambda';
import { findEntry, isFile, shown } from '../core/bundle/entry';
import type { Check } from '../core/check/check';
import type { BundlingOptions } from './bundle';
import type { ServiceFunctionProps } from './service-function-props';

/** Where the code comes from: one place, and one that exists. */
export function codeChecks({ entry, code, bundling, runtime }: ServiceFunctionProps): Check[] {
  const given = [entry === undefined ? '' : 'entry', code === undefined ? '' : 'code'].filter(Boolean);
  return [
    {
      prop: 'entry',
      value: given.length === 0 ? undefined : given,
      valid: () => given.length === 1,
      rule: "must be given, or 'code' in its place",
      remedy: given.length === 0 ? 'give the path of the handler' : 'remove one of them',
    },
    {
      prop: 'bundling',
      value: bundling,
      valid: () => bundling === undefined || entry !== undefined,
      rule: "must not be given with 'code', which is not bundled",
      remedy: "remove it, or give 'entry' in place of 'code'",
    },
    ...(entry === undefined ? [] : [...fileChecks(entry), runtimeCheck(runtime)]),
    ...(bundling === undefined ? [] : bundlingChecks(bundling)),
  ];
}

function bundlingChecks({ plugins, pluginsKey, nodeModules = [], external = [] }: BundlingOptions): Check[] {
  const twice = nodeModules.filter((name) => external.includes(name));
  return [
    {
      prop: 'bundling.plugins',
      value: plugins,
      valid: () => plugins === undefined || /\.[cm]?js$/.test(String(findEntry(plugins).file)),
      rule: 'must be the path of a JavaScript module whose default export is a list of esbuild plugins',
      remedy: "write './esbuild-plugins.mjs', and create the file",
    },
    {
      prop: 'bundling.pluginsKey',
      value: pluginsKey,
      reads: [plugins],
      valid: () => pluginsKey === undefined || plugins !== undefined,
      rule: "must not be given without 'plugins'",
      remedy: 'remove it',
    },
    {
      prop: 'bundling.nodeModules',
      value: nodeModules,
      valid: () => twice.length === 0,
      rule: `must not name what 'external' leaves out (${twice.join(', ')})`,
      remedy: 'remove it from one of them',
    },
    {
      prop: 'bundling.nodeModules',
      value: nodeModules,
      valid: () => nodeModules.every((name) => /^(@[\w.~-]+\/)?[\w~-][\w.~-]*$/.test(name)),
      rule: 'must be names of packages',
      remedy: "write them as in package.json, without a version or path: ['sharp']",
    },
  ];
}

function fileChecks(entry: string): Check[] {
  const { file, candidates, ambiguous } = findEntry(entry);
  // What was meant is looked for in many places, and only where it is asked.
  if (file !== undefined) return [];
  const places = candidates.map((candidate) => `'${shown(candidate)}'`);
  return [
    {
      prop: 'entry',
      value: entry,
      valid: () => false,
      rule: ambiguous
        ? `must be the path of one file (there is ${places.join(' and ')})`
        : `must be the path of a file, relative to the working directory (there is none at ${places[0]})`,
      remedy: ambiguous
        ? "leave the dot out for the first, or write path.join(__dirname, '...') for the one beside the file that says it"
        : `${fileMeant(entry) ?? 'create it, or correct the path'}; the working directory is '${process.cwd()}'${places[1] === undefined ? '' : `, and there is none at ${places[1]} either`}`,
    },
  ];
}

/** The extension that is missing, or `src/orders.handler` as other tools write it. */
function fileMeant(entry: string): string | undefined {
  const bare = [entry, entry.replace(/\.\w+$/, '')];
  const files = bare.flatMap((name) =>
    EXTENSIONS.flatMap((extension) => [`${name}${extension}`, `${name}/index${extension}`]),
  );
  const meant = files.find(isFile);
  return meant === undefined ? undefined : `did you mean '${meant}'?`;
}

const EXTENSIONS = ['.ts', '.mts', '.cts', '.tsx', '.js', '.mjs', '.cjs'];

/** A runtime of the team's own may run JavaScript. */
function runtimeCheck(runtime: Runtime | undefined): Check {
  const { NODEJS, OTHER } = RuntimeFamily;
  return {
    prop: 'runtime',
    value: runtime?.name,
    valid: () => [NODEJS, OTHER].includes(runtime?.family ?? NODEJS),
    rule: "must be one of Node.js with 'entry', which is bundled to JavaScript",
    remedy: "remove it, or give the code as 'code' with its 'handler'",
  };
}
