import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { jsonataIn } from '../../../../../core/asl/expressions';
import { isRecord } from '../../../kernel/json';
import { EvaluationFault } from '../engine/failure';

/** Time limit per template, in real milliseconds. */
const LONGEST = 5000;
const ENDLESS = 'Expression evaluation timeout: Check for infinite loop';

/** An expression failure as reported by the worker. */
interface Told {
  readonly kind: 'error' | 'undefined' | 'function';
  readonly expression: string;
  readonly field: string;
  readonly message?: string;
  readonly code?: string;
}

type Answer = { readonly value: unknown } | { readonly failure: Told };

interface Job {
  readonly template: unknown;
  readonly field: string;
  readonly bindings: Readonly<Record<string, unknown>>;
  readonly now: number;
}

/**
 * JSONata with the semantics of Step Functions: undefined results fail, there is no `$eval`, six
 * functions are added, and depth, memory and time are limited. Everything that fails is `States.QueryEvaluationError`.
 */
export class JsonataEvaluator {
  private worker: Worker | undefined;
  private turn: Promise<unknown> = Promise.resolve();
  private answer: ((answer: Answer | string) => void) | undefined;
  private readonly discarded: Promise<number>[] = [];
  private stopped = false;

  /** @param longest the time limit per template, in milliseconds */
  constructor(private readonly longest = LONGEST) {}

  /**
   * Evaluates the `{% %}` expressions in a value.
   * @param field the name of the field that holds it, for messages
   * @param bindings the variables, with `states`
   * @param now the time of the services, in milliseconds
   * @throws EvaluationFault when an expression fails or is undefined
   */
  evaluate(template: unknown, field: string, bindings: Job['bindings'], now: number): Promise<unknown> {
    if (!hasExpression(template)) return Promise.resolve(template);
    const result = this.turn.then(() => this.evaluateNext({ template, field, bindings, now }));
    this.turn = result.catch(() => undefined);
    return result;
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await Promise.all([this.worker?.terminate(), ...this.discarded]);
  }

  private async evaluateNext(job: Job): Promise<unknown> {
    if (this.stopped) throw new EvaluationFault(job.field, 'The run has ended.');
    const answer = await this.answerOf(job);
    if ('value' in answer) return answer.value;
    throw new EvaluationFault(answer.failure.field, sentenceOf(answer.failure));
  }

  private answerOf(job: Job): Promise<Answer> {
    const { template, field } = job;
    const worker = (this.worker ??= this.start());
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.discard(worker, ENDLESS), this.longest);
      // An idle worker must not keep the process alive.
      worker.ref();
      this.answer = (answer) => {
        this.answer = undefined;
        clearTimeout(timer);
        worker.unref();
        resolve(
          typeof answer === 'string'
            ? { failure: { kind: 'error', expression: textIn(template), field, message: answer } }
            : answer,
        );
      };
      worker.postMessage(job);
    });
  }

  private start(): Worker {
    const worker = new Worker(path.join(__dirname, 'worker.js'));
    worker.on('message', (answer: Answer) => this.answer?.(answer));
    worker.on('error', (error) => this.discard(worker, error.message));
    worker.on('exit', () => this.discard(worker, 'The run has ended.'));
    return worker;
  }

  /** Discards a hung worker and fails its jobs. */
  private discard(worker: Worker, message: string): void {
    if (this.worker !== worker) return;
    this.worker = undefined;
    this.discarded.push(worker.terminate());
    this.answer?.(message);
  }
}

function sentenceOf({ kind, expression, field, message, code }: Told): string {
  const begin = `The JSONata expression '${expression}' specified for the field '${field}'`;
  if (kind === 'undefined') return `${begin} returned nothing (undefined).`;
  if (kind === 'function') return `${begin} returned an unsupported result type.`;
  return `${begin} threw an error during evaluation${code === undefined ? ':' : `. ${code}:`} ${message}`;
}

function hasExpression(value: unknown): boolean {
  if (typeof value === 'string') return jsonataIn(value) !== undefined;
  if (Array.isArray(value)) return value.some(hasExpression);
  return isRecord(value) && Object.values(value).some(hasExpression);
}

/** The expression of a template that is a single one; otherwise the failing one is unknown. */
function textIn(template: unknown): string {
  return (typeof template === 'string' && jsonataIn(template)?.trim()) || '...';
}
