#!/usr/bin/env node
import { nearest } from '../core/nearest';
import { explained } from '../core/peers';
import { packageVersion } from '../core/version';
import { visible } from '../core/visible';
import { type Io, processIo, UsageError } from './io';
import type * as Access from './access/command';
import type * as Check from './check';
import type * as Eject from './eject/command';
import type * as Events from './events';
import type * as Completion from './completion';
import type * as Control from './control/commands';
import type * as Diff from './diff/command';
import type * as Doctor from './doctor';
import type * as OpenApi from './openapi';
import type * as Run from './run';
import type * as Types from './types/command';

const HELP = `lintel <command>

  lintel check PATH...     check an assembly, templates or a Pulumi project
  lintel access PATH...    who may do what, from the templates
  lintel events BASE HEAD  breaking changes of event schemas
  lintel types PATH        variables and events of handlers, as a .d.ts file
  lintel openapi PATH      an API as an OpenAPI document
  lintel diff BASE HEAD    what a deployment replaces, deletes or orphans
  lintel eject CONSTRUCT   a construct as plain CDK code, with its logical ids
  lintel run PATH          run an assembly or a Pulumi project on this machine
  lintel invoke FUNCTION   invoke a function of the run in this directory
  lintel send QUEUE BODY   send a message to one of its queues
  lintel fire SCHEDULE     run one of its schedules now
  lintel doctor            what is installed, and what is missing
  lintel completion SHELL  a completion script for a shell

lintel <command> --help    more about a command
lintel --version

Examples:
  npx lintel check cdk.out
  npx lintel run cdk.out
`;

type Command = (argv: readonly string[], io: Io) => Promise<number>;

/** Loads a command when it is called, since each brings its own dependencies. */
const COMMANDS: Readonly<Record<string, () => Command>> = {
  check: () => (require('./check') as typeof Check).check,
  access: () => (require('./access/command') as typeof Access).access,
  events: () => (require('./events') as typeof Events).events,
  types: () => (require('./types/command') as typeof Types).types,
  openapi: () => (require('./openapi') as typeof OpenApi).openapi,
  run: () => (require('./run') as typeof Run).run,
  invoke: () => (require('./control/commands') as typeof Control).invoke,
  send: () => (require('./control/commands') as typeof Control).send,
  fire: () => (require('./control/commands') as typeof Control).fire,
  diff: () => (require('./diff/command') as typeof Diff).diff,
  eject: () => (require('./eject/command') as typeof Eject).eject,
  doctor: () => (require('./doctor') as typeof Doctor).doctor,
  completion: () => (argv, io) => (require('./completion') as typeof Completion).completion(argv, io, pages),
};

/**
 * The command line.
 * @returns the exit code: 0 clean, 1 findings, 2 the command could not do its job
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
    const meant = nearest(name, Object.keys(COMMANDS));
    const hint = meant === undefined ? `\n\n${HELP.trimEnd()}` : `, did you mean '${meant}'?`;
    io.note(`lintel has no command '${visible(name)}'${hint}`);
    return 2;
  }
  try {
    return await command()(rest, io);
  } catch (thrown) {
    const error = explained(thrown);
    const message = shown(error instanceof Error ? error.message : String(error));
    const usage = error instanceof UsageError ? `\nsee lintel ${name} --help` : '';
    io.note(`lintel ${name}: ${message}${usage}`);
    return 2;
  }
}

/** The help page of each command, by name. */
async function pages(): Promise<Readonly<Record<string, string>>> {
  const found: Record<string, string> = {};
  for (const [name, command] of Object.entries(COMMANDS)) {
    await command()(['--help'], {
      out: (page) => void (found[name] = page),
      note: () => undefined,
      colour: false,
    });
  }
  return found;
}

/** A message may have several lines, and may quote a template. */
function shown(message: string): string {
  return message.split('\n').map(visible).join('\n');
}

if (require.main === module) {
  // The reader closed the pipe (`| head`).
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
