import { setTimeout as pause } from 'node:timers/promises';
import { cancel, enter, together } from './ledger';
import { CardDeclined } from './order';

/**
 * Stands for a payment service, whose test cards show each failure: `tok_declined` is refused, of `tok_slow` the answer comes too
 * late though the card is charged, and what was paid by `tok_closed` cannot be paid back while the account is closed.
 */
export const payments = {
  async charge(key: string, card: string, amount: number): Promise<void> {
    if (card === 'tok_declined') throw new CardDeclined('The bank refused');
    await enter(String(process.env.PAYMENTS), key, { card, amount });
    if (card === 'tok_slow') await pause(60_000);
  },

  async refund(key: string, card: string): Promise<void> {
    if (card === 'tok_closed') await mustBeOpen(`account:${card}`);
    await cancel(String(process.env.PAYMENTS), key);
  },
};

async function mustBeOpen(id: string): Promise<void> {
  const ConditionCheck = { TableName: process.env.PAYMENTS, Key: { id }, ConditionExpression: 'attribute_exists(id)' };
  const [closed] = await together({ ConditionCheck });
  if (closed !== undefined) throw new Error('The account is closed');
}
