import { TIMESTAMP } from '../../../../../core/asl/timestamp';
import { dataOf } from './data';
import { EvaluationFault, runtimeFault, type StateFault } from './failure';
import type { Visit } from './visit';

/** The longest wait, in seconds: a year. */
const LONGEST = 31_536_000;

/** Waits by the clock of the run. */
export async function runWait(visit: Visit): Promise<void> {
  const { run, flowing } = visit;
  const seconds = await secondsOf(visit);
  if (seconds > LONGEST) throw runtimeFault('Wait state delay is too long.');
  await run.time.wait(seconds, flowing.signal);
  flowing.signal.throwIfAborted();
}

async function secondsOf(visit: Visit): Promise<number> {
  const { body, language } = visit.state;
  const data = dataOf(language);
  const seconds = await data.field(visit, 'Seconds');
  if (seconds !== undefined) return checkedSeconds(visit, seconds);
  const timestamp = await data.field(visit, 'Timestamp');
  const time = typeof timestamp === 'string' && TIMESTAMP.test(timestamp) ? Date.parse(timestamp) : NaN;
  if (Number.isNaN(time)) {
    const said = 'parsed as an ISO-8601 extended offset date-time format string';
    throw language === 'JSONata'
      ? new EvaluationFault('Timestamp', `The Timestamp field cannot be ${said}: ${String(timestamp)}`, true)
      : runtimeFault(
          `The TimestampPath parameter does not reference a valid ${said.slice('parsed as an '.length)}: ` +
            `${String(body.TimestampPath)} == ${String(timestamp)}`,
        );
  }
  return Math.max(0, (time - visit.run.time.now()) / 1000);
}

function checkedSeconds({ state: { body, language } }: Visit, seconds: unknown): number {
  const refuse = (said: string, jsonata: string): StateFault =>
    language === 'JSONata'
      ? new EvaluationFault('Seconds', jsonata, true)
      : runtimeFault(`The SecondsPath parameter ${said}: ${String(body.SecondsPath)} == ${JSON.stringify(seconds)}`);
  if (typeof seconds !== 'number' || !Number.isInteger(seconds)) {
    throw refuse(
      'cannot be parsed as a long value',
      `The Seconds field must be a non-negative integer, but was: ${JSON.stringify(seconds)}`,
    );
  }
  if (seconds < 0) {
    throw refuse(
      'references a negative value',
      `The Seconds field must be a non-negative integer, but was: ${seconds}`,
    );
  }
  return seconds;
}
