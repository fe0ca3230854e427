'use strict';
// Loaded into an app while it is synthesized: records each call of esbuild by `spawnSync` (`NodejsFunction`), with its sources.
const child = require('node:child_process');
const { createHash } = require('node:crypto');
const { readFileSync, writeFileSync } = require('node:fs');
const path = require('node:path');

/** @param {string | Buffer} content */
const digestOf = (content) => createHash('sha256').update(content).digest('hex');

/**
 * @param {string} command
 * @param {readonly string[]} args
 * @param {string} outfile
 * @param {import('node:child_process').SpawnSyncOptions} options
 */
function recorded(command, args, outfile, options) {
  const base = path.join(String(process.env.LINTEL_ESBUILD_CALLS), digestOf(outfile));
  const given = args.find((one) => one.startsWith('--metafile='));
  const metafile = given === undefined ? `${base}.meta` : given.slice('--metafile='.length);
  const all = given === undefined ? [...args, `--metafile=${metafile}`] : args;
  const result = spawnSync(command, all, options);
  try {
    const call = {
      command,
      args: all,
      cwd: options.cwd ?? process.cwd(),
      env: Object.fromEntries(Object.entries(options.env ?? {}).filter(([name, value]) => process.env[name] !== value)),
      outfile,
      metafile,
      digest: digestOf(readFileSync(outfile)),
      inputs: Object.keys(JSON.parse(readFileSync(metafile, 'utf8')).inputs),
    };
    writeFileSync(`${base}.json`, JSON.stringify(call));
  } catch {
    // A call that is not recorded waits for the synthesis.
  }
  return result;
}

const { spawnSync } = child;
// @ts-expect-error one signature stands for all overloads
child.spawnSync = function (command, args, options) {
  const flag = '--outfile=';
  const outfile =
    Array.isArray(args) && args.includes('--bundle') && args.find((/** @type {string} */ one) => one.startsWith(flag));
  if (!outfile) return Reflect.apply(spawnSync, this, arguments);
  return recorded(command, args, outfile.slice(flag.length), options ?? {});
};
