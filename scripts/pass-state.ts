// Runs a definition by itself, without an application around it: what its tasks call answers with what a stub gives.
import { readDefinition } from '../lib/core/asl/definition';
import { Clock } from '../lib/testing/local/kernel/clock';
import type { JsonObject } from '../lib/testing/local/kernel/json';
import { Execution } from '../lib/testing/local/services/states/engine/execution';
import type { TaskRunner } from '../lib/testing/local/services/states/engine/tasks';
import { ServiceTime } from '../lib/testing/local/kernel/service-time';
import { TaskTokens } from '../lib/testing/local/services/states/engine/tokens';
import { JsonataEvaluator } from '../lib/testing/local/services/states/jsonata/evaluator';

const jsonata = new JsonataEvaluator();
const MACHINE = 'arn:aws:states:us-east-1:123456789012:stateMachine:M';

/** What tasks answer. */
export interface Stub extends Pick<TaskRunner, 'call' | 'finished'> {
  /** JSON by which those who wait for a token are answered. */
  readonly answers?: string;
}

/**
 * Runs a definition to its end.
 * @param stub what tasks answer
 * @param seconds of this machine, after which it is stopped
 */
export async function passState(
  definition: JsonObject,
  input: unknown,
  stub: Stub = { call: async () => ({}), finished: async () => ({}) },
  seconds = 20,
): Promise<Execution> {
  const time = new ServiceTime(new Clock(1_000_000));
  const tokens = new TaskTokens(() => time.now());
  const open = tokens.open.bind(tokens);
  const { answers } = stub;
  if (answers !== undefined) {
    tokens.open = (...given) => {
      const waiting = open(...given);
      setImmediate(() => waiting.isOpen() && tokens.succeed(waiting.token, answers));
      return waiting;
    };
  }
  const tasks: TaskRunner = { ...stub, region: 'us-east-1', tokens };
  const refuse = () => {
    throw new Error('there is no distributed map');
  };
  const execution = new Execution(
    {
      arn: `${MACHINE.replace('stateMachine', 'execution')}:E`,
      name: 'E',
      machineArn: MACHINE,
      machineName: 'M',
      roleArn: 'arn:aws:iam::123456789012:role/M',
      flow: readDefinition(definition),
      input: JSON.stringify(input),
    },
    { time, jsonata, tasks, maps: { begin: refuse }, express: false },
  );
  execution.begin();
  const timer = setTimeout(() => execution.abort('Stopped'), seconds * 1000);
  await execution.done;
  clearTimeout(timer);
  return execution;
}
