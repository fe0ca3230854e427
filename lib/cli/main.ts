#!/usr/bin/env node
import { packageVersion } from '../core/version';
import { visible } from '../core/visible';
import { type Io, processIo, UsageError } from './io';
import type * as Access from './access';
import type * as Check from './check';
import type * as Events from './events';
import type * as Control from './control/commands';
import type * as Run from './run';
import type * as Types from './types/command';

const HELP = `lintel <command>

  lintel check PATH...    judge a cloud assembly, templates or a Pulumi graph by the rules
  lintel access PATH...   who may do what, from the templates
  lintel events BASE HEAD what the schemas of events have less than before
  lintel types PATH       the variables and events of handlers, as a declaration
  lintel run PATH         run a cloud assembly or a Pulumi project on this machine
  lintel invoke FUNCTION  invoke a function of what runs in this directory
  lintel send QUEUE BODY  send a message to a queue of it
  lintel fire SCHEDULE    run a schedule of it now

lintel <command> --help   says more about a command
lintel --version
`;

type Command = (argv: readonly string[], io: Io) => Promise<number>;

/** Loads a command when it is called, since each brings engines of its own. */
const COMMANDS: Readonly<Record<string, () => Command>> = {
  check: () => (require('./check') as typeof Check).check,
  access: () => (require('./access') as typeof Access).access,
  events: () => (require('./events') as typeof Events).events,
  types: () => (require('./types/command') as typeof Types).types,
  run: () => (require('./run') as typeof Run).run,
  invoke: () => (require('./control/commands') as typeof Control).invoke,
  send: () => (require('./control/commands') as typeof Control).send,
  fire: () => (require('./control/commands') as typeof Control).fire,
};

/**
 * The command line.
 * @returns the exit code: 0 clean, 1 findings, 2 it could not do what was asked
 */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  const [name, ...rest] = argv;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    if (name === undefined) io.note(HELP.trimEnd());
    else io.out(HELP);
    return name === undefined ? 2 : 0;
  }
  if (name === '--version' || name === '-v') {
    io.out(`${packageVersion()}\n`);
    return 0;
  }
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!command) {
    io.note(`lintel has no command '${visible(name)}'\n\n${HELP.trimEnd()}`);
    return 2;
  }
  try {
    return await command()(rest, io);
  } catch (error) {
    const message = shown(error instanceof Error ? error.message : String(error));
    const usage = error instanceof UsageError ? `\nlintel ${name} --help says how it is called` : '';
    io.note(`lintel ${name}: ${message}${usage}`);
    return 2;
  }
}

/** A message may have several lines, and may name what stands in a template. */
function shown(message: string): string {
  return message.split('\n').map(visible).join('\n');
}

if (require.main === module) {
  // A reader that closes the pipe (`| head`) has seen enough.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit();
    throw error;
  });
  main(process.argv.slice(2), processIo()).then(
    (code) => {
      process.exitCode = code;
    },
    (error: unknown) => {
      process.stderr.write(`lintel: ${error instanceof Error ? error.stack : String(error)}\n`);
      process.exitCode = 2;
    },
  );
}
