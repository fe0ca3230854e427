import { type AnswerResult, type ParkedMessage, saga, type StartResult } from '../../../lib/runtime';

interface Asked {
  /** The saga, by its name in the function's access. */
  readonly saga: string;
  readonly start?: { readonly key: string; readonly input: unknown };
  readonly answer?: { readonly taskToken: string; readonly result: unknown };
  readonly beat?: { readonly taskToken: string };
  readonly resume?: ParkedMessage;
  readonly refuse?: { readonly taskToken: string; readonly name: string };
}

/** Does with a saga what its event says. */
export async function handler({
  saga: name,
  start,
  answer,
  beat,
  resume,
  refuse,
}: Asked): Promise<StartResult | AnswerResult | undefined> {
  const client = saga(name);
  if (start) return client.start(start.key, start.input);
  if (answer) return client.answer(answer.taskToken, answer.result);
  if (resume) return client.resume(resume);
  if (beat) return client.beat(beat.taskToken);
  if (refuse) return client.refuse(refuse.taskToken, Object.assign(new Error('no'), { name: refuse.name }));
  return undefined;
}
