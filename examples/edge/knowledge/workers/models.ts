/** The models that `access` names, and the gateway that they are asked through. */
export interface Models {
  readonly AI: Ai;
  readonly AI_EMBEDDING: string;
  readonly AI_ANSWER: string;
  readonly AI_GATEWAY: string;
}

/** Texts that the model for vectors takes at once. */
const BATCH = 100;

/** The vectors of texts. */
export async function embed({ AI, AI_EMBEDDING, AI_GATEWAY }: Models, texts: readonly string[]): Promise<number[][]> {
  const vectors: number[][] = [];
  for (let at = 0; at < texts.length; at += BATCH) {
    const asked = { text: texts.slice(at, at + BATCH), pooling: 'cls' };
    const answer = await AI.run(AI_EMBEDDING as '@cf/google/embeddinggemma-300m', asked, {
      gateway: { id: AI_GATEWAY },
    });
    vectors.push(...answer.data);
  }
  return vectors;
}

/** What the model answers, piece by piece. It ends with an error where the model has not come to an end. */
export async function* answer(
  { AI, AI_ANSWER, AI_GATEWAY }: Models,
  messages: readonly RoleScopedChatInput[],
): AsyncGenerator<string> {
  const stream = await AI.run(
    AI_ANSWER as '@cf/meta/llama-3.2-3b-instruct',
    { messages: [...messages], stream: true, max_tokens: 512 },
    { gateway: { id: AI_GATEWAY } },
  );
  let rest = '';
  for await (const chunk of stream.pipeThrough(new TextDecoderStream())) {
    const events = `${rest}${chunk}`.split('\n\n');
    rest = events.pop() ?? '';
    for (const event of events) {
      const data = event.replace(/^data: ?/, '');
      if (data === '[DONE]') return;
      yield (JSON.parse(data) as { readonly response?: string }).response ?? '';
    }
  }
  throw new Error('the model has broken off');
}
