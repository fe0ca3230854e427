import type { DurableContext } from '@aws/durable-execution-sdk-js';
import { CLAIM, RESULTS } from '../claims/claim';
import type { LeftList } from '../claims/left-list';
import { DEADLINE, ITEMS_FAILED } from '../outcome';
import type { NodeInParts } from '../plan';
import { ONCE } from './act';
import { askPart } from './ask-part';
import type { Failure } from './failures';
import { isLate } from './in-time';
import { cutAsPlanned, leftFor, leftInParts } from './list-files';
import type { SagaRun } from './run';
import type { SagaFailed } from './state';

/** Outcome of a list processed part by part. */
type ListDone =
  | { readonly outcome: 'completed'; readonly result: unknown }
  | ({ readonly outcome: 'unknown'; readonly wait: number } & Failure);

/**
 * A step for each item of a long list: each part is a separate execution, and list and results are passed as files. After an
 * item that fails no further part starts, and the outcome of the whole list is unknown.
 */
export async function eachInParts(
  context: DurableContext,
  run: SagaRun,
  node: NodeInParts,
): Promise<SagaFailed | undefined> {
  const { state } = run;
  const { name } = node;
  const read = await context.step(`${name} items read`, () => leftInParts(run, node), ONCE);
  if ('error' in read) return { step: name, ...read, wait: 0 };
  const { value: list } = read;
  state.items[name] = list;
  if (list.count === 0) {
    state.outcomes[name] = 'skipped';
    state.results = { ...state.results, [name]: [] };
    return undefined;
  }
  const done = await context.runInChildContext(name, (child) => doParts(child, run, node, list));
  state.outcomes[name] = done.outcome;
  if (done.outcome === 'completed') {
    state.results = { ...state.results, [name]: done.result };
    return undefined;
  }
  const { error, cause, wait } = done;
  return { step: name, error, cause, wait };
}

async function doParts(context: DurableContext, run: SagaRun, node: NodeInParts, list: LeftList): Promise<ListDone> {
  const { name } = node;
  const { deadline } = run.plan;
  const data = await leftFor(context, run, node, { what: 'data', value: dataOf(run) });
  if ('error' in data) return { outcome: 'unknown', ...data, wait: 0 };
  const files: string[] = [];
  for (let at = 0; at < partCount(list, node); at++) {
    if (at > 0 && (await isLate(context, run, `${name} part ${at} in time?`)))
      return { outcome: 'unknown', error: DEADLINE, cause: 'The saga ran out of time', wait: 0 };
    const answer = await askPart(context, run, node, {
      name: `${name} part ${at}`,
      work: 'do',
      list: list[CLAIM],
      data: data.key,
      at,
      deadline,
    });
    if (!answer.ok) {
      const cause = `${answer.error}: ${answer.cause}`;
      return { outcome: 'unknown', error: ITEMS_FAILED, cause, wait: answer.wait ?? 0 };
    }
    files.push(answer.file!);
  }
  // The format of a distributed map's manifest, so that handlers read both the same way.
  const manifest = { ResultFiles: { SUCCEEDED: files.map((Key) => ({ Key })) } };
  const written = await leftFor(context, run, node, { what: 'results', value: manifest });
  if ('error' in written) return { outcome: 'unknown', ...written, wait: 0 };
  return { outcome: 'completed', result: { [RESULTS]: written.key } };
}

/** Undoes a long list part by part, last one first; one that cannot be undone does not stop the others. */
export async function undoInParts(
  context: DurableContext,
  run: SagaRun,
  node: NodeInParts,
  failed: SagaFailed,
): Promise<Failure | undefined> {
  const { state } = run;
  const { name } = node;
  const planned = await cutAsPlanned(context, run, node);
  if ('error' in planned) return planned;
  const list = planned.value;
  state.items[name] = list;
  const bad = await context.runInChildContext(`Undo ${name}`, async (child) => {
    const data = await leftFor(child, run, node, { what: 'data', value: dataOf(run) });
    if ('error' in data) return { ok: false as const, ...data };
    const failures: Failure[] = [];
    for (let at = partCount(list, node) - 1; at >= 0; at--) {
      const work = { work: 'undo', list: list[CLAIM], data: data.key, at, failed } as const;
      const part = `Undo ${name} part ${at}`;
      let answer = await askPart(child, run, node, { ...work, name: part });
      // Ask a crashed part once more: compensations may be repeated, but never run concurrently.
      if (!answer.ok && answer.lost) {
        if (answer.wait) await child.wait(`${part} settles`, { seconds: Math.ceil(answer.wait) });
        answer = await askPart(child, run, node, { ...work, name: `${part} again` });
      }
      if (!answer.ok) failures.push({ error: answer.error, cause: answer.cause });
    }
    const [first] = failures;
    return first ? { ok: false as const, ...first } : { ok: true as const };
  });
  if (bad.ok) state.outcomes[name] = 'undone';
  return bad.ok ? undefined : bad;
}

/** What handlers get besides their item: a part only receives its location. */
function dataOf({ state: { key, input, results } }: SagaRun) {
  return { key, input, results };
}

function partCount({ count }: LeftList, { part }: NodeInParts): number {
  return Math.ceil(count / part);
}
