import { setTimeout as sleep } from 'node:timers/promises';
import { LocalRunError } from './errors';
import type { Background } from './background';
import type { Functions } from '../lambda/functions';
import type { LocalService } from './service';

const PATIENCE = 10_000;
const STEP = 5;

interface Busy {
  readonly services: readonly LocalService[];
  readonly functions: Functions;
  readonly background: Background;
}

/**
 * Waits until no function runs and no service has work left, twice in a row: work that one service ends may start work
 * in another.
 * @param timeout in milliseconds
 * @throws LocalRunError when something is left
 * @throws whatever failed in background work
 */
export async function whenIdle({ services, functions, background }: Busy, timeout = PATIENCE): Promise<void> {
  const deadline = Date.now() + timeout;
  for (let quiet = 0; quiet < 2;) {
    const left = await leftOf(services, functions);
    background.check();
    quiet = left.length === 0 ? quiet + 1 : 0;
    if (left.length > 0 && Date.now() > deadline) {
      throw new LocalRunError(`not idle after ${timeout} ms: ${left.join(', ')}; raise 'timeout', or 'timeScale'`);
    }
    await sleep(STEP);
  }
}

/**
 * Waits until no invocation is running, whatever else is pending.
 * @param timeout in milliseconds; invocations still running then are left alone
 */
export async function whenInvocationsEnd({ all }: Functions, timeout: number): Promise<void> {
  const deadline = Date.now() + timeout;
  while (all.some(({ inFlight }) => inFlight > 0) && Date.now() < deadline) await sleep(10);
}

/** What is in flight or still to do. */
export async function leftOf(services: readonly LocalService[], functions: Functions): Promise<readonly string[]> {
  const running = functions.all
    .filter(({ inFlight }) => inFlight > 0)
    .map(({ deployed, inFlight }) => `${inFlight} invocations of ${deployed.displayName}`);
  const pending = await Promise.all(services.map(async (service) => (await service.pending?.()) ?? []));
  return [...running, ...pending.flat()];
}
