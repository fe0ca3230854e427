import { total } from 'lintel/runtime';
import { handle } from './http';

/** What was paid on a day, as the read model has it: some moments late. */
export const handler = handle(async ({ pathParameters }) => {
  const { revenue = 0, orders = 0 } = await total('REVENUE', pathParameters!.day!);
  return { status: 200, body: { revenue, orders } };
});
