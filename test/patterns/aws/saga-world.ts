import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What an action does when it is called. */
export type Doing =
  | 'does'
  | 'refuses'
  | 'does and loses its answer'
  | 'loses its answer'
  | 'does and breaks down'
  | 'breaks down';

/** What a compensation does when it is called: undoes, or fails so many times first. */
export type Undoing = number;

/** One saga's handlers, by step. */
export interface Script {
  readonly doing: Readonly<Record<string, Doing>>;
  readonly undoing: Readonly<Record<string, Undoing>>;
  /** Milliseconds that a step takes. */
  readonly slow: Readonly<Record<string, number>>;
  /** Called when a step is: a test may stop the execution there. */
  readonly onCall?: (what: 'do' | 'undo', key: string) => void;
}

/** One thing that happened to the world. */
export interface Deed {
  readonly what: 'do' | 'undo';
  /** `<saga>:<step>`, with `:<index>` of an item. */
  readonly key: string;
}

/** What the handlers of sagas change, outside of the run: it sees what really happened, in order. */
export class World {
  /** What took effect, in order. */
  readonly deeds: Deed[] = [];
  private readonly scripts = new Map<string, Script>();
  private readonly attempts = new Map<string, number>();
  private readonly undone = new Set<string>();
  private server: Server | undefined;

  async open(): Promise<string> {
    const server = createServer((request, response) => {
      let text = '';
      // A function that rests does not see that a connection was closed, and its next call would fail.
      response.setHeader('connection', 'close');
      request.on('data', (chunk: Buffer) => (text += chunk.toString()));
      request.on('end', () => response.end(JSON.stringify(this.answer(JSON.parse(text) as Call))));
    });
    this.server = server;
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.server?.closeAllConnections();
    this.server?.close();
  }

  /** What the handlers of one saga do. */
  play(saga: string, script: Script): void {
    this.scripts.set(saga, script);
  }

  /** What happened in one saga. */
  of(saga: string): readonly Deed[] {
    return this.deeds.filter(({ key }) => key.startsWith(`${saga}:`));
  }

  private answer({ what, key }: Call): object {
    const [saga = '', step = ''] = key.split(':');
    const script = this.scripts.get(saga)!;
    if (what === 'done') {
      this.deeds.push({ what: 'do', key });
      return {};
    }
    script.onCall?.(what, key);
    if (what === 'do') return { doing: script.doing[step] ?? 'does', slow: script.slow[step] ?? 0 };
    const attempt = (this.attempts.get(key) ?? 0) + 1;
    this.attempts.set(key, attempt);
    if (attempt <= (script.undoing[step] ?? 0)) return { fails: true };
    // What was undone is not undone again: the key tells.
    const happened = this.deeds.some((deed) => deed.what === 'do' && deed.key === key);
    if (happened && !this.undone.has(key)) this.deeds.push({ what: 'undo', key });
    this.undone.add(key);
    return {};
  }
}

interface Call {
  readonly what: 'do' | 'done' | 'undo';
  readonly key: string;
}

// Not by `fetch`, whose first use in each process takes as long as half of its start.
const TELL = `const { request } = require('node:http');
const tell = (what, key) => new Promise((resolve, reject) => {
  const answered = (response) => {
    let text = '';
    response.on('data', (chunk) => (text += chunk)).on('end', () => resolve(JSON.parse(text)));
  };
  request(process.env.WORLD, { method: 'POST' }, answered).on('error', reject).end(JSON.stringify({ what, key }));
});
const pause = (time) => new Promise((resolve) => setTimeout(resolve, time));
const lost = () => Object.assign(new Error('no answer'), { name: 'TimeoutError' });`;

/** Every action of every saga. */
export const ACT = `${TELL}
exports.handler = async ({ idempotencyKey: key }) => {
  const { doing, slow } = await tell('do', key);
  await pause(slow);
  if (doing === 'refuses') throw Object.assign(new Error('no'), { name: 'Refused' });
  if (doing.startsWith('does')) await tell('done', key);
  if (doing.endsWith('loses its answer')) throw lost();
  if (doing.endsWith('breaks down')) process.exit(1);
  return { key };
};`;

/** Every compensation of every saga. */
export const UNDO = `${TELL}
exports.handler = async ({ actionKey }) => {
  const { fails } = await tell('undo', actionKey);
  if (fails) throw new Error('not now');
};`;
