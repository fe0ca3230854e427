/** Its bundle has a source map: a debugger and a reader of the log see this file. */
interface Order {
  readonly id: string;
}

export const handler = async ({ id }: Order): Promise<string> => {
  const upper = id.toUpperCase();
  if (upper === 'FAIL') throw new Error('broken');
  return upper;
};
