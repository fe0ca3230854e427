import { writeFileSync } from 'node:fs';
import type { LocalRun } from '../testing/local/local-run';
import type { LogEntry } from '../testing/local/kernel/logs';
import { isRecord, type JsonObject, parseJson } from '../testing/local/kernel/json';
import type { LocalRunOptions } from '../testing/local/options';
import { runLocally } from '../testing/local/run-locally';
import { type Control, offerControl } from './control/server';
import { type Io, UsageError } from './io';
import { notRunLines } from './not-run';
import { isEdge, runEdge, type RunEdgeCommand } from './run-edge';
import { readableEntry } from './run-log';
import { runReport } from './run-report';
import { Watch } from './watch/watch';
import { optionsOf } from './options';

const OPTIONS = {
  port: { type: 'string', multiple: true },
  secret: { type: 'string', multiple: true },
  parameter: { type: 'string', multiple: true },
  'template-parameter': { type: 'string', multiple: true },
  config: { type: 'string', multiple: true },
  output: { type: 'string', multiple: true },
  'issue-tokens': { type: 'boolean' },
  claims: { type: 'string' },
  report: { type: 'string' },
  disorder: { type: 'string' },
  'custom-resource': { type: 'string', multiple: true },
  data: { type: 'string' },
  seed: { type: 'string' },
  'endpoint-port': { type: 'string' },
  watch: { type: 'boolean' },
  quiet: { type: 'boolean' },
  'log-format': { type: 'string' },
  inspect: { type: 'string', multiple: true },
} as const;

const HELP = `lintel run PATH

Runs a cloud assembly (the output of cdk synth) or a template of CloudFormation
or SAM on this machine until Ctrl-C: its functions with their real code, its
APIs on 127.0.0.1, its tables. AWS SDK calls are authorized against the
synthesized policies.
Also runs a Pulumi project (its directory, or the file of one stack): its
Cloudflare Workers in their real runtime, with databases, stores, buckets,
queues, Durable Objects and workflows.

  --port PORT             the port of the only API; repeat it for several, in
                          the order of their templates
  --secret NAME=VALUE     the value of a secret; may be repeated
  --parameter NAME=VALUE  the value of a parameter of Parameter Store; may be
                          repeated
  --template-parameter NAME=VALUE
                          the value of a parameter of the templates, in place of
                          its default; may be repeated
  --custom-resource NAME=JSON
                          the response of a custom resource, in place of its
                          function's; may be repeated
  --issue-tokens          issue the tokens of JWT authorizers in this run, and
                          print one
  --claims JSON           with --issue-tokens: the claims of the printed token,
                          such as {"sub":"ada","scope":"orders:write"}
  --report FILE           write used, unused and denied permissions to FILE at
                          the end
  --disorder SHARE        share of messages and events that are duplicated or
                          swapped: 0 to 1 (0.05)
  --data DIR              keep tables, queues and buckets in DIR, for the next
                          run
  --seed FILE             fill tables, queues and buckets from a JSON file; with
                          --data, only if DIR has no data
  --endpoint-port PORT    the port of the AWS SDK endpoint
  --watch                 follow the sources: changed handlers are swapped in,
                          changed stacks restart, data is kept; PATH may be the
                          folder of a cdk.json
  --quiet                 do not print the logs of functions
  --log-format FORMAT     text, or json: one object for each line of standard
                          output, and nothing else there (text)
  --inspect FN[=PORT]     wait for a debugger in FN (a logical id or construct
                          path), at PORT or 9229; may be repeated

For a Pulumi project --secret names a binding (NAME or COMPONENT.NAME), --port
the Workers that answer from outside, and

  --config KEY=VALUE      a value of the stack's configuration; may be repeated
  --output NAME=VALUE     the value of an output known only at deployment, such
                          as api/api-stack.url; may be repeated

Examples:
  npx lintel run cdk.out --port 3000
  npx lintel run . --watch --data .lintel/data
  npx lintel run template.yaml --issue-tokens --claims '{"sub":"ada"}'
`;

interface Options {
  readonly path: string;
  readonly report?: string;
  readonly quiet: boolean;
  readonly watch: boolean;
  readonly logFormat: 'text' | 'json';
  /** Claims of the printed token; undefined if none is printed. */
  readonly claims?: JsonObject;
  readonly run: LocalRunOptions;
  readonly edge: RunEdgeCommand;
}

/** `lintel run`: runs a cloud assembly until it is interrupted, then prints the use of each permission. */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  const options = parse(argv);
  if (options === undefined) {
    io.out(HELP);
    return 0;
  }
  if (isEdge(options.path)) {
    if (options.watch) throw new UsageError('--watch follows cloud assemblies and templates, not Pulumi projects');
    return runEdge(options.edge, io, interrupted);
  }
  const json = options.logFormat === 'json';
  const onLog = (entry: LogEntry) => io.out(`${json ? JSON.stringify(entry) : readableEntry(entry)}\n`);
  const say = (text: string) => (json ? io.note(text.trimEnd()) : io.out(text));
  const local = await begin(options, { ...options.run, ...(!options.quiet && { onLog }) }, say);
  let control: Control | undefined;
  try {
    control = await offerControl(() => local.run);
    const ended = interrupted();
    say(started(local.run, options.claims));
    await ended;
    const report = local.run.report();
    say(runReport(report));
    if (options.report !== undefined) {
      writeFileSync(options.report, `${JSON.stringify(report, null, 2)}\n`);
      io.note(`wrote ${options.report}`);
    }
    return 0;
  } finally {
    await control?.close();
    await local.stop();
  }
}

/** A run, or one that follows its sources. */
async function begin(
  { path, watch }: Options,
  run: LocalRunOptions,
  say: (text: string) => void,
): Promise<{ readonly run: LocalRun; stop(): Promise<void> }> {
  if (watch) return Watch.start(path, run, (said) => say(`watch: ${said}\n`));
  const local = await runLocally(path, run);
  return { run: local, stop: () => local.stop() };
}

/** What runs, what it runs on, and what does not. */
function started(local: LocalRun, claims: JsonObject | undefined): string {
  const { urls, functions, tables, unsupported, engines, clientConfig } = local;
  const section = (title: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : [title, ...lines.map((line) => `  ${line}`)];
  const pairs = (of: Readonly<Record<string, string>>) =>
    Object.entries(of).map(([name, value]) => `${name}: ${value}`);
  return [
    ...section('APIs', pairs(urls)),
    ...(claims ? section('A token, valid for an hour', [local.token(claims)]) : []),
    ...section('Functions', functions),
    ...section('Tables', pairs(tables)),
    ...section('Not run', notRunLines(unsupported)),
    ...section('Running on', [...engines, `AWS SDK endpoint ${clientConfig.endpoint}`]),
    'Stop with Ctrl-C.',
    '',
  ].join('\n');
}

/** Resolves at Ctrl-C. A second one ends the process at once. */
function interrupted(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });
}

/** The options; undefined for --help. */
function parse(argv: readonly string[]): Options | undefined {
  const { values, positionals } = optionsOf(argv, OPTIONS);
  if (values.help === true) return undefined;
  const [path, ...more] = positionals;
  if (path === undefined || more.length > 0)
    throw new UsageError('name one cloud assembly, such as cdk.out, one template, or one Pulumi project');
  const pairs = (option: 'secret' | 'parameter' | 'template-parameter' | 'config' | 'output') =>
    Object.fromEntries((values[option] ?? []).map((pair) => pairOf(`--${option}`, pair)));
  const claims = claimsOf(values);
  const common = { port: (values.port ?? []).map((port) => portOf(port)), secrets: pairs('secret') };
  const quiet = values.quiet === true;
  return {
    path,
    quiet,
    watch: values.watch === true,
    logFormat: formatOf(values['log-format'] ?? 'text'),
    edge: { path, quiet, ...common, config: pairs('config'), outputs: pairs('output') },
    ...(values.report !== undefined && { report: values.report }),
    claims,
    run: {
      ...common,
      parameters: pairs('parameter'),
      templateParameters: pairs('template-parameter'),
      customResources: answersOf(values['custom-resource'] ?? []),
      ...(claims !== undefined && { issuers: 'local' }),
      ...(values.inspect !== undefined && { inspect: Object.fromEntries(values.inspect.map(inspected)) }),
      ...(values.data !== undefined && { data: values.data }),
      ...(values.seed !== undefined && { seedFile: values.seed }),
      ...(values['endpoint-port'] !== undefined && {
        endpointPort: portOf(values['endpoint-port'], '--endpoint-port'),
      }),
      ...(values.disorder !== undefined && { disorder: shareOf(values.disorder) }),
    },
  };
}

/** Claims of the printed token; undefined if this run issues none. */
function claimsOf(given: { readonly 'issue-tokens'?: boolean; readonly claims?: string }): JsonObject | undefined {
  if (given.claims === undefined) return given['issue-tokens'] === true ? {} : undefined;
  if (given['issue-tokens'] !== true) throw new UsageError('--claims needs --issue-tokens');
  const claims = parseJson(given.claims);
  if (isRecord(claims)) return claims;
  throw new UsageError(`--claims must be a JSON object, got '${given.claims}'`);
}

function portOf(text: string, option = '--port'): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new UsageError(`${option} must be a number from 0 to 65535, got '${text}'`);
}

function formatOf(text: string): 'text' | 'json' {
  if (text === 'text' || text === 'json') return text;
  throw new UsageError(`--log-format must be a string or json, got '${text}'`);
}

/** `Shop/PlaceOrder`, or `Shop/PlaceOrder=9230`. */
function inspected(text: string): readonly [string, number] {
  const [name, port] = text.includes('=') ? pairOf('--inspect', text) : [text, '9229'];
  return [name, portOf(port, '--inspect')];
}

/** Responses of custom resources, by name. */
function answersOf(given: readonly string[]): LocalRunOptions['customResources'] {
  return Object.fromEntries(
    given.map((pair) => {
      const [name, value] = pairOf('--custom-resource', pair);
      const answer = parseJson(value);
      if (isRecord(answer)) return [name, answer] as const;
      throw new UsageError(`--custom-resource must be NAME=JSON with an object, got '${pair}'`);
    }),
  );
}

function shareOf(text: string): number {
  const share = Number(text);
  if (text !== '' && share >= 0 && share <= 1) return share;
  throw new UsageError(`--disorder must be a number from 0 to 1, got '${text}'`);
}

function pairOf(option: string, text: string): readonly [string, string] {
  const at = text.indexOf('=');
  // The value may be a secret, so it is not repeated here.
  if (at < 1) throw new UsageError(`${option} must be NAME=VALUE`);
  return [text.slice(0, at), text.slice(at + 1)];
}
