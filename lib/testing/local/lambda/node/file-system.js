'use strict';
// Lambda's file system for a handler: everything but /tmp is read-only, and /tmp, /opt and /var/task map to this
// environment's directories. This covers `fs` and `fs/promises`; for programs that the handler starts see programs.js.
const fs = require('node:fs');
const { syncBuiltinESMExports } = require('node:module');
const os = require('node:os');
const path = require('node:path');
const { fileURLToPath } = require('node:url');

/**
 * @typedef {object} Places
 * @property {string} tmp stands for /tmp
 * @property {string} opt stands for /opt
 * @property {string} task stands for /var/task
 * @property {string} [runtime] stands for /var/runtime
 * @property {string[]} real directories that are never mapped, wherever they are
 */
/** @typedef {'read' | 'create' | 'make' | 'change' | 'changeLink' | 'open' | 'access' | 'target'} Use what a function does with an argument */

/** What the functions of `fs` do with their first arguments. @type {Record<string, Use[]>} */
const FUNCTIONS = {
  ...uses(['read'], 'exists lstat opendir readFile readdir readlink realpath stat statfs watch watchFile unwatchFile'),
  ...uses(['read'], 'createReadStream openAsBlob'),
  ...uses(['create'], 'appendFile createWriteStream mkdtemp writeFile'),
  ...uses(['make'], 'mkdir'),
  ...uses(['change'], 'chmod chown truncate utimes'),
  ...uses(['changeLink'], 'lchmod lchown lutimes rm rmdir unlink'),
  ...uses(['read', 'create'], 'copyFile cp'),
  ...uses(['read', 'make'], 'link'),
  ...uses(['target', 'make'], 'symlink'),
  ...uses(['changeLink', 'create'], 'rename'),
  ...uses(['open'], 'open'),
  ...uses(['access'], 'access'),
};

const { existsSync, readlinkSync } = fs;
const realpath = fs.realpathSync.native;

/** @param {Use[]} use @param {string} names */
function uses(use, names) {
  return Object.fromEntries(names.split(' ').map((name) => [name, use]));
}

/** Replaces the functions of `fs`, and those of the working directory. @param {Places} places */
function limitFileSystem(places) {
  const { chdir } = process;
  process.chdir = (directory) => chdir(/** @type {string} */ (located(directory, places)));
  for (const [name, use] of Object.entries(FUNCTIONS)) {
    replace(fs.promises, name, use, places, (error) => Promise.reject(error));
    replace(fs, `${name}Sync`, use, places, rethrow);
    const isStream = name.startsWith('create');
    replace(fs, name, use, places, isStream ? rethrow : (error, args) => process.nextTick(args.at(-1), error));
  }
  syncBuiltinESMExports();
}

/** @param {Error} error */
function rethrow(error) {
  throw error;
}

/**
 * @param {any} module
 * @param {string} name
 * @param {Use[]} use
 * @param {Places} places
 * @param {(error: Error, args: any[]) => unknown} refuse
 */
function replace(module, name, use, places, refuse) {
  const original = module[name];
  if (typeof original !== 'function') return;
  const syscall = name.replace(/Sync$/, '');
  const onlyReads = use.every((one) => one === 'read');
  /** @this {unknown} @param {any[]} args */
  function limited(...args) {
    // A stream reports the error when it opens the file.
    const refused = onlyReads || syscall === 'createWriteStream' ? undefined : refusal(syscall, use, args, places);
    if (refused) return refuse(refused, args);
    return original.apply(this, [
      ...use.map((one, index) => (one === 'target' ? targetOf(args[index], places) : located(args[index], places))),
      ...args.slice(use.length),
    ]);
  }
  const { length: _length, name: _name, prototype: _prototype, ...own } = Object.getOwnPropertyDescriptors(original);
  module[name] = Object.defineProperties(limited, own);
}

/** A path that leads to none of Lambda's directories as it is written, such as those of the SDK's modules. */
const ELSEWHERE = /^\/(?!(?:tmp|opt|var)(?:\/|$))(?!.*\/[./])/s;

/** Where a path is on this machine. @param {unknown} given @param {Places} places */
function located(given, { tmp, opt, task, runtime, real }) {
  if (typeof given === 'string' && ELSEWHERE.test(given)) return given;
  const absolute = absoluteOf(given);
  if (absolute === undefined || real.some((/** @type {string} */ directory) => isIn(absolute, directory))) return given;
  const places = { '/tmp': tmp, '/opt': opt, '/var/task': task, ...(runtime && { '/var/runtime': runtime }) };
  for (const [from, to] of Object.entries(places)) {
    if (isIn(absolute, from)) return to + absolute.slice(from.length);
  }
  return given;
}

/** The target of a symbolic link; a relative one is kept as it is. @param {any} given @param {Places} places */
function targetOf(given, places) {
  return path.isAbsolute(String(given)) ? located(given, places) : given;
}

/**
 * The error of a read-only file system, as Linux gives it.
 * @param {string} syscall
 * @param {Use[]} use
 * @param {any[]} args
 * @param {Places} places
 */
function refusal(syscall, use, args, places) {
  for (const [index, one] of use.entries()) {
    if (one === 'read' || one === 'target') continue;
    const place = absoluteOf(located(args[index], places));
    if (place === undefined || isWritable(place, one, places)) continue;
    if (isRefused(one, place, args)) return failure('EROFS', 'read-only file system', syscall, place);
  }
  // /tmp is a separate file system.
  const source = syscall === 'link' ? absoluteOf(located(args[0], places)) : undefined;
  return source !== undefined && existsSync(source) && !isWritable(source, 'changeLink', places)
    ? failure('EXDEV', 'cross-device link not permitted', syscall, source)
    : undefined;
}

/**
 * Whether a path may be written to: links in /tmp may lead out of it.
 * @param {string} place
 * @param {Use} use
 * @param {Places} places
 * @param {number} links how many more are followed; for a loop, `fs` throws the error itself
 * @returns {boolean}
 */
function isWritable(place, use, places, links = 40) {
  if (isIn(place, '/dev') || isIn(place, '/proc')) return true;
  const tmp = realOf(places.tmp);
  if (place === places.tmp || place === tmp) return true;
  if (!isIn(place, places.tmp) && !isIn(place, tmp)) return false;
  const directory = realOf(path.dirname(place));
  if (!isIn(directory, tmp)) return false;
  if (use === 'changeLink' || use === 'make' || links === 0) return true;
  const target = linkAt(place);
  return target === undefined || isWritable(path.resolve(directory, target), use, places, links - 1);
}

/** The real path, or that of the nearest existing directory. @param {string} place @returns {string} */
function realOf(place) {
  try {
    return realpath(place);
  } catch {
    return realOf(path.dirname(place));
  }
}

/** @param {string} place @returns {string | undefined} undefined if it is not a link */
function linkAt(place) {
  try {
    return readlinkSync(place);
  } catch {
    return undefined;
  }
}

/** A missing file is not refused as read-only. @param {Use} use @param {string} place @param {any[]} args */
function isRefused(use, place, args) {
  const exists = existsSync(place);
  const inDirectory = existsSync(path.dirname(place));
  switch (use) {
    case 'create':
      return inDirectory;
    case 'make':
      return !exists && (inDirectory || args[1]?.recursive === true);
    case 'open':
      return writes(args[1]) && (exists || (creates(args[1]) && inDirectory));
    case 'access':
      return exists && ((typeof args[1] === 'number' ? args[1] : 0) & fs.constants.W_OK) !== 0;
    default:
      return exists;
  }
}

/** @param {unknown} flags of `open` */
function writes(flags) {
  const { O_WRONLY, O_RDWR, O_CREAT, O_TRUNC, O_APPEND } = fs.constants;
  if (typeof flags === 'number') return (flags & (O_WRONLY | O_RDWR | O_CREAT | O_TRUNC | O_APPEND)) !== 0;
  return typeof flags === 'string' && !['r', 'rs', 'sr'].includes(flags);
}

/** @param {unknown} flags of `open` */
function creates(flags) {
  return typeof flags === 'number' ? (flags & fs.constants.O_CREAT) !== 0 : !String(flags).startsWith('r');
}

/** @param {'EROFS' | 'EXDEV'} code @param {string} words @param {string} syscall @param {string} place */
function failure(code, words, syscall, place) {
  const fields = { errno: -os.constants.errno[code], code, syscall, path: place };
  return Object.assign(new Error(`${code}: ${words}, ${syscall} '${place}'`), fields);
}

/** @param {unknown} given @returns {string | undefined} undefined for a file descriptor, and for what `fs` refuses itself */
function absoluteOf(given) {
  if (typeof given === 'string') return path.resolve(given);
  if (given instanceof URL && given.protocol === 'file:') return fileURLToPath(given);
  return given instanceof Uint8Array ? path.resolve(Buffer.from(given).toString()) : undefined;
}

/** @param {string} place @param {string} directory */
function isIn(place, directory) {
  return place === directory || place.startsWith(directory + path.sep);
}

module.exports = { limitFileSystem, located };
