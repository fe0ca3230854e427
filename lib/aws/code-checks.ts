import { type Runtime, RuntimeFamily } from 'aws-cdk-lib/aws-lambda';
import { findEntry, isFile, shown } from '../core/bundle/entry';
import type { Check } from '../core/check/check';
import type { BundlingOptions } from './bundle';
import type { ServiceFunctionProps } from './service-function-props';

/** The code has exactly one source, and that exists. */
export function codeChecks({ entry, code, bundling, runtime }: ServiceFunctionProps): Check[] {
  const given = [...(entry === undefined ? [] : ['entry']), ...(code === undefined ? [] : ['code'])];
  return [
    {
      prop: 'entry',
      value: given.length === 0 ? undefined : given,
      valid: () => given.length === 1,
      rule: "must be given, or 'code' instead",
      remedy: given.length === 0 ? 'give the path of the handler' : 'remove one of them',
    },
    {
      prop: 'bundling',
      value: bundling,
      valid: () => bundling === undefined || entry !== undefined,
      rule: "must not be given with 'code', which is not bundled",
      remedy: "remove it, or give 'entry' instead of 'code'",
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
      rule: `must not name packages that 'external' leaves out (${twice.join(', ')})`,
      remedy: 'remove them from one of the two',
    },
    {
      prop: 'bundling.nodeModules',
      value: nodeModules,
      valid: () => nodeModules.every((name) => /^(@[\w.~-]+\/)?[\w~-][\w.~-]*$/.test(name)),
      rule: 'must be package names',
      remedy: "write them as in package.json, without a version or path: ['sharp']",
    },
  ];
}

function fileChecks(entry: string): Check[] {
  const { file, candidates, ambiguous } = findEntry(entry);
  // Searching for what was meant is expensive, so do it only on failure.
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
        ? "leave the dot out for the first, or write path.join(__dirname, '...') for the one next to the file that refers to it"
        : `${fileMeant(entry) ?? 'create it, or fix the path'}; the working directory is '${process.cwd()}'${places[1] === undefined ? '' : `, and there is none at ${places[1]} either`}`,
    },
  ];
}

/** The missing extension, or `src/orders.handler` as other tools write it. */
function fileMeant(entry: string): string | undefined {
  const bare = [entry, entry.replace(/\.\w+$/, '')];
  const files = bare.flatMap((name) =>
    EXTENSIONS.flatMap((extension) => [`${name}${extension}`, `${name}/index${extension}`]),
  );
  const meant = files.find(isFile);
  return meant === undefined ? undefined : `did you mean '${meant}'?`;
}

const EXTENSIONS = ['.ts', '.mts', '.cts', '.tsx', '.js', '.mjs', '.cjs'];

/** A custom runtime may run JavaScript too. */
function runtimeCheck(runtime: Runtime | undefined): Check {
  const { NODEJS, OTHER } = RuntimeFamily;
  return {
    prop: 'runtime',
    value: runtime?.name,
    valid: () => [NODEJS, OTHER].includes(runtime?.family ?? NODEJS),
    rule: "must be a Node.js runtime with 'entry', which is bundled to JavaScript",
    remedy: "remove it, or pass the code as 'code' with its 'handler'",
  };
}
