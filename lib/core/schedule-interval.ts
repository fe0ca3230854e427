const UNITS: Readonly<Record<string, number>> = { minute: 60, hour: 3600, day: 86_400 };

/**
 * The shortest time between two runs of a schedule expression that `scheduleFault` accepts, in seconds; undefined for one
 * that runs once. A cron expression is read as if it ran every day: on fewer days runs are further apart, never nearer.
 */
export function shortestInterval(expression: string): number | undefined {
  const [, kind, content = ''] = /^(rate|cron|at)\((.*)\)$/.exec(expression.trim()) ?? [];
  if (kind === 'rate') {
    const [, amount = '', unit = ''] = /^(\d+) (minute|hour|day)/.exec(content.trim()) ?? [];
    return Number(amount) * (UNITS[unit] ?? 0);
  }
  if (kind !== 'cron') return undefined;
  const [minutes = '', hours = ''] = content.trim().split(/\s+/);
  const times = numbers(hours, 24).flatMap((hour) => numbers(minutes, 60).map((minute) => (hour * 60 + minute) * 60));
  const gaps = times.map((time, index) => (times[index + 1] ?? times[0]! + 86_400) - time);
  return Math.min(...gaps);
}

/** The numbers below `end` that a field of a cron expression names, in order. */
function numbers(field: string, end: number): number[] {
  const named = field.split(',').flatMap((item) => {
    const [, from = '*', to, step] = /^(\*|\d+)(?:-(\d+))?(?:\/(\d+))?$/.exec(item) ?? [];
    const first = from === '*' ? 0 : Number(from);
    // `5/10` begins at 5 and goes on to the end; `5` is 5 alone.
    const last = to !== undefined ? Number(to) : from === '*' || step !== undefined ? end - 1 : first;
    const every = Number(step ?? 1);
    return Array.from({ length: Math.floor((last - first) / every) + 1 }, (_, index) => first + index * every);
  });
  return [...new Set(named)].sort((a, b) => a - b);
}
