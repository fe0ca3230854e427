import { accessSync, closeSync, constants, existsSync, openSync, readSync } from 'node:fs';
import path from 'node:path';
import { texts } from '../../kernel/json';
import { ApiProcess } from '../runtime-api/api-process';
import type { RuntimeKind } from './runtime-kind';

/** The machine in the header of an ELF file. */
const MACHINES: Readonly<Record<number, string>> = { 0x3e: 'x86_64', 0xb7: 'arm64' };
const HERE = process.arch === 'x64' ? 'x86_64' : process.arch;

/** The user's own programs that speak the Lambda Runtime API: `bootstrap`, in the code or in a layer. */
export const provided: RuntimeKind = {
  runs: (runtime) => runtime.startsWith('provided'),
  whyNot: (fn, code, layers) => {
    const bootstrap = [code, ...layers]
      .map((folder) => path.join(folder, 'bootstrap'))
      .find((file) => existsSync(file));
    if (bootstrap === undefined) return "there is no file 'bootstrap' in its code or its layers";
    if (!isExecutable(bootstrap)) return "its file 'bootstrap' is not executable";
    const machine = machineOf(bootstrap);
    if (machine === undefined) return undefined;
    if (process.platform !== 'linux') return `its 'bootstrap' is a Linux program, and this is ${process.platform}`;
    const declared = texts(fn.properties.Architectures)[0] ?? 'x86_64';
    return machine === HERE
      ? undefined
      : `its 'bootstrap' is a program for ${machine} (it declares ${declared}), and this machine is ${HERE}`;
  },
  runsOn: (runtime) => `${runtime} on this machine's ${process.platform}`,
  variables: () => ({}),
  starter:
    ({ variables, files }, watchdog) =>
    (_tmp, listen) => {
      const own = path.join(files.task, 'bootstrap');
      const command = existsSync(own) ? own : path.join(files.opt, 'bootstrap');
      return new ApiProcess({ command, args: [], env: variables, cwd: files.task }, watchdog, listen);
    },
};

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The architecture of a binary; undefined for a script. */
function machineOf(file: string): string | undefined {
  const header = Buffer.alloc(20);
  const descriptor = openSync(file, 'r');
  try {
    readSync(descriptor, header, 0, header.length, 0);
  } finally {
    closeSync(descriptor);
  }
  if (header.toString('latin1', 0, 4) !== '\x7fELF') return undefined;
  return MACHINES[header.readUInt16LE(18)] ?? 'another machine';
}
