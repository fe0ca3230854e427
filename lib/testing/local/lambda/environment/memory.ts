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
    for (const one of this.watched) if (residentOf(one.pid()) > one.limit) one.onExceeded();
    if (this.watched.size > 0) return;
    clearInterval(this.timer);
    this.timer = undefined;
  }
}

/** What a process and its children hold, in KB; 0 when it is gone. */
function residentOf(pid: number): number {
  try {
    const [, pages] = readFileSync(`/proc/${pid}/statm`, 'latin1').split(' ');
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').split(' ').filter(Boolean);
    return children.reduce((sum, child) => sum + residentOf(Number(child)), Number(pages) * PAGE_KB);
  } catch {
    return 0;
  }
}

/** The most that a process has held, in KB; undefined where the system does not tell. */
export function peakOf(pid: number): number | undefined {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1]);
  } catch {
    return undefined;
  }
}
