/** `npm run demo`: an example, synthesized, judged, run on this machine with real requests, and what it needed. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { App } from 'aws-cdk-lib';
import { OrdersStack } from '../examples/aws/orders-api/orders-stack';
import { buildShop } from '../examples/aws/shop/shop';
import { type AccessEntry, accessMatrix } from '../lib/access';
import { matrixText } from '../lib/access/report/text';
import { processIo } from '../lib/cli/io';
import { enforce, type Model, read, RULES } from '../lib/rules';
import { type LocalRun, runLocally } from '../lib/testing';

const ROOT = path.dirname(__dirname);
const EXAMPLE = 'examples/aws/orders-api';
const io = processIo();
const style = { width: Math.min(io.columns ?? 110, 110), colour: io.colour };
const started = Date.now();

async function main(): Promise<void> {
  say(bold(`Lintel runs ${EXAMPLE}, which is an API, two tables and four functions`));
  const model = synthesize();
  show(model);
  const run = await start();
  try {
    await use(run);
    report(run);
  } finally {
    await run.stop();
  }
  showConcurrency();
  say(`\nAll of it took ${seconds(started)}. Next: ${EXAMPLE}/README.md`);
}

/** The example as `npx cdk synth` makes it: a finding of the validation or of a rule ends the demo here. */
function synthesize(): Model {
  step('Synthesizing it to cdk.out');
  const { context } = JSON.parse(readFileSync(path.join(ROOT, 'cdk.json'), 'utf8')) as { context: object };
  const app = new App({ outdir: path.join(ROOT, 'cdk.out'), context: { ...context } });
  enforce(app, { packs: ['AwsSolutions', 'Serverless'] });
  new OrdersStack(app, 'OrdersApi');
  const start = Date.now();
  app.synth();
  done(
    start,
    `CloudFormation's validation, ${RULES.length} rules of Lintel and cdk-nag's two packs found nothing wrong`,
  );
  return read(path.join(ROOT, 'cdk.out'));
}

function show(model: Model): void {
  step('What was built');
  const counts = new Map<string, number>();
  for (const { type } of model.resources.values()) counts.set(type, (counts.get(type) ?? 0) + 1);
  for (const [type, count] of [...counts].sort()) say(`  ${String(count).padStart(2)}  ${type}`);

  step('What each function may do (besides writing its own logs and traces)');
  const matrix = accessMatrix(model);
  say(matrixText({ ...matrix, entries: matrix.entries.filter(isDeclared) }, style).trimEnd());
}

/** Whether an entry comes from what a function's `access` names. */
function isDeclared({ principal, actions }: AccessEntry): boolean {
  return principal.kind === 'function' && actions.every((action) => !/^(logs|xray):/.test(action));
}

/** Who keeps how much of the account's concurrency, in the example that has a budget. */
function showConcurrency(): void {
  step('Who holds what of the concurrency of one account, in examples/aws/shop (1,000, less 100 for everybody)');
  const app = new App({ builtinCloudFormationValidation: false });
  const budget = buildShop(app);
  app.synth();
  say(`  ${'reserved'.padStart(8)}  ${'warm'.padStart(4)}  ${'queues'.padStart(6)}  function`);
  for (const { function: fn, reserved, provisioned, mapped } of budget.shares()) {
    const columns = [String(reserved ?? '-').padStart(8), String(provisioned).padStart(4), String(mapped).padStart(6)];
    say(`  ${columns.join('  ')}  ${fn}`);
  }
}

async function start(): Promise<LocalRun> {
  step('Running it here: the template, the real handlers, and the policies on every call');
  const start = Date.now();
  const run = await runLocally(path.join(ROOT, 'cdk.out'), { issuers: 'local' });
  done(start, `${run.url}, ${run.engines.join(', ')}`);
  return run;
}

/** What customers do, and what comes back. */
async function use(run: LocalRun): Promise<void> {
  step('Sending requests');
  const lines = [{ sku: 'tea', quantity: 2 }];
  const ann = (method: string, route: string, body?: unknown, key?: string) =>
    send(run, 'ann', method, route, body, key);

  const order = await ann('POST', '/orders', { lines }, 'breakfast');
  await ann('POST', '/orders', { lines }, 'breakfast');
  say(dim('     the same order again: a repeated request places nothing'));
  await ann('POST', '/orders', { lines: [{ sku: '', quantity: 0 }] }, 'wrong');
  await ann('GET', `/orders/${order.id}`);
  await ann('GET', '/orders');
  await send(run, 'bob', 'GET', `/orders/${order.id}`);
  say(dim('     for another customer the order does not exist'));
  await send(run, undefined, 'GET', `/orders/${order.id}`);
  await ann('POST', `/orders/${order.id}/cancel`);
}

async function send(
  run: LocalRun,
  customer: string | undefined,
  method: string,
  route: string,
  body?: unknown,
  key?: string,
) {
  const response = await fetch(run.url + route, {
    method,
    body: body === undefined ? undefined : JSON.stringify(body),
    headers: {
      ...(customer !== undefined && { authorization: `Bearer ${run.token({ sub: customer })}` }),
      ...(key !== undefined && { 'idempotency-key': key }),
    },
  });
  const answer = (await response.json()) as { readonly id?: string };
  const short = route.replace(/[0-9a-f-]{36}/, (id) => `${id.slice(0, 8)}...`);
  say(
    `  ${paint(response.ok ? 32 : 33, String(response.status))}  ${(customer ?? 'who?').padEnd(4)}  ${method} ${short}`,
  );
  say(dim(`     ${cut(JSON.stringify(answer), style.width - 5)}`));
  return answer;
}

function report(run: LocalRun): void {
  step('Permissions that these requests used');
  for (const { function: name, used, unused, denied } of run.report().functions) {
    say(`  ${bold(name.replace(/^OrdersApi\/Api\/|\/Handler$/g, ''))}`);
    for (const { action, resource, count } of used) {
      say(`    ${paint(32, 'used')}    ${action.padEnd(28)} ${String(count).padStart(2)} x  ${nameOf(resource)}`);
    }
    for (const { action, resource } of denied) say(`    ${paint(31, 'denied')}  ${action}  ${nameOf(resource)}`);
    const needed = new Set(used.map(({ action }) => action));
    const spare = new Set(unused.map(({ action }) => action).filter((action) => !needed.has(action)));
    if (spare.size > 0) say(dim(`    unused  ${cut([...spare].join(', '), style.width - 12)}`));
  }
}

/** The name of a resource, without what comes before it in its ARN. */
function nameOf(arn: string): string {
  return arn.split(':').slice(5).join(':');
}

function step(text: string): void {
  say(`\n${bold(text)}`);
}

function done(start: number, text: string): void {
  say(`  ${paint(32, 'ok')}  ${text} (${seconds(start)})`);
}

function seconds(since: number): string {
  return `${((Date.now() - since) / 1000).toFixed(1)} s`;
}

function cut(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, width - 3)}...`;
}

function say(text: string): void {
  console.log(text);
}

function paint(code: number, text: string): string {
  return style.colour ? `\u001b[${code}m${text}\u001b[0m` : text;
}

const bold = (text: string): string => paint(1, text);
const dim = (text: string): string => paint(2, text);

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
