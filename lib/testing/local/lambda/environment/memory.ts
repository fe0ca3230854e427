import { readFileSync } from 'node:fs';

const PAGE_KB = 4;
const LOOK_EVERY_MS = 25;

/** A process whose memory is limited. */
export interface Watched {
  /** Its id; 0 where there is none. */
  readonly pid: () => number;
  /** In KB, including all its children. */
  readonly limit: number;
  /** Called when it uses more. */
  readonly onExceeded: () => void;
}

/**
 * Watches the memory of busy processes, on systems with /proc. It samples every few milliseconds; a process reports
 * peaks in between with its answer.
 */
export class MemoryWatch {
  private readonly watched = new Set<Watched>();
  private timer: NodeJS.Timeout | undefined;

  /** Starts watching a process. */
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
 * Whether a process and its children use more than a limit, in KB. File pages that they share, above all those of
 * Node.js itself, are in memory once: only the process with the most counts. Computed only when the plain sum is over
 * the limit.
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

/** A process's resident memory, in KB; 0 when it is gone. */
function residentOf(pid: number): number {
  return Number(textOf(`/proc/${pid}/statm`).split(' ')[1] ?? 0) * PAGE_KB;
}

/** Anonymous, file-backed and shared memory, in KB. */
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

/** A process's peak memory, in KB; undefined if the system does not report it. */
export function peakOf(pid: number): number | undefined {
  const peak = /VmHWM:\s+(\d+)/.exec(textOf(`/proc/${pid}/status`))?.[1];
  return peak === undefined ? undefined : Number(peak);
}
