import { readFileSync } from 'node:fs';

const PAGE_KB = 4;
const LOOK_EVERY_MS = 25;

/** A process whose memory is limited. */
export interface Watched {
  /** Its id; 0 where there is none. */
  readonly pid: () => number;
  /** In KB, of all its children together. */
  readonly limit: number;
  /** Told when it holds more. */
  readonly onExceeded: () => void;
}

/**
 * Looks after the memory of processes that are at work, on systems that have /proc. It looks every few milliseconds; what
 * a process held in between, the process itself reports with its answer.
 */
export class MemoryWatch {
  private readonly watched = new Set<Watched>();
  private timer: NodeJS.Timeout | undefined;

  /** Begins to look after a process. */
  add(one: Watched): void {
    if (process.platform !== 'linux') return;
    this.watched.add(one);
    this.timer ??= setInterval(() => this.look(), LOOK_EVERY_MS).unref();
  }

  remove(one: Watched): void {
    this.watched.delete(one);
  }

  private look(): void {
    for (const one of this.watched) if (exceeds(one.pid(), one.limit)) one.onExceeded();
    if (this.watched.size > 0) return;
    clearInterval(this.timer);
    this.timer = undefined;
  }
}

/**
 * Whether a process and its children hold more than a limit, in KB. The pages of files that they have in common, Node.js
 * itself above all, are in memory once: of those, the process with the most counts. Looked at closely only when the plain sum
 * is over the limit.
 */
function exceeds(pid: number, limit: number): boolean {
  const group = withChildren(pid);
  if (group.reduce((sum, one) => sum + residentOf(one), 0) <= limit) return false;
  const sizes = group.map(sizesOf);
  const own = sizes.reduce((sum, { RssAnon, RssShmem }) => sum + RssAnon + RssShmem, 0);
  return own + Math.max(...sizes.map(({ RssFile }) => RssFile)) > limit;
}

function withChildren(pid: number): readonly number[] {
  const children = textOf(`/proc/${pid}/task/${pid}/children`).split(' ').filter(Boolean).map(Number);
  return [pid, ...children.flatMap(withChildren)];
}

/** What a process holds, in KB; 0 when it is gone. */
function residentOf(pid: number): number {
  return Number(textOf(`/proc/${pid}/statm`).split(' ')[1] ?? 0) * PAGE_KB;
}

/** Of its own, of files, and shared without a file, in KB. */
function sizesOf(pid: number): Readonly<Record<'RssAnon' | 'RssFile' | 'RssShmem', number>> {
  const status = textOf(`/proc/${pid}/status`);
  const size = (kind: string) => Number(new RegExp(`${kind}:\\s+(\\d+)`).exec(status)?.[1] ?? 0);
  return { RssAnon: size('RssAnon'), RssFile: size('RssFile'), RssShmem: size('RssShmem') };
}

/** The content of a file of /proc; empty when the process is gone. */
function textOf(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return '';
  }
}

/** The most that a process has held, in KB; undefined where the system does not tell. */
export function peakOf(pid: number): number | undefined {
  const peak = /VmHWM:\s+(\d+)/.exec(textOf(`/proc/${pid}/status`))?.[1];
  return peak === undefined ? undefined : Number(peak);
}
