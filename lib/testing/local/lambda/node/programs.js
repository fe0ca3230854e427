'use strict';
// Programs that a handler starts see this machine's file system, so /tmp, /opt and /var/task in their commands, arguments
// and working directories become those of this environment. What a program names itself stays.
const programs = require('node:child_process');
const { syncBuiltinESMExports } = require('node:module');
const { located } = require('./file-system.js');

/** @typedef {import('./file-system.js').Places} Places */

const NAMED = /(?<![\w./-])\/(?:tmp|opt|var\/task)(?![\w.-])/g;

/** Replaces the functions that start programs. @param {Places} places */
function leadPrograms(places) {
  const { promisify } = require('node:util');
  for (const name of ['exec', 'execSync', 'execFile', 'execFileSync', 'spawn', 'spawnSync', 'fork']) {
    const original = /** @type {any} */ (programs)[name];
    /** @this {unknown} @param {any[]} args */
    function led(...args) {
      return original.apply(
        this,
        args.map((arg) => ledArgument(arg, places)),
      );
    }
    const promised = original[promisify.custom];
    if (promised) {
      const custom = (/** @type {any[]} */ ...args) => promised(...args.map((arg) => ledArgument(arg, places)));
      Object.defineProperty(led, promisify.custom, { value: custom });
    }
    /** @type {any} */ (programs)[name] = led;
  }
  syncBuiltinESMExports();
}

/** A command, a list of arguments, options or a callback. @param {any} arg @param {Places} places @returns {any} */
function ledArgument(arg, places) {
  if (typeof arg === 'string') return ledText(arg, places);
  if (Array.isArray(arg)) return arg.map((one) => (typeof one === 'string' ? ledText(one, places) : one));
  if (arg instanceof URL) return located(arg, places);
  return arg?.cwd === undefined ? arg : { ...arg, cwd: located(arg.cwd, places) };
}

/** @param {string} text @param {Places} places */
function ledText(text, { tmp, opt, task, real }) {
  const places = new Map([
    ['/tmp', tmp],
    ['/opt', opt],
    ['/var/task', task],
  ]);
  return text.replace(NAMED, (place, offset) =>
    real.some((directory) => text.startsWith(directory, offset)) ? place : (places.get(place) ?? place),
  );
}

module.exports = { leadPrograms };
