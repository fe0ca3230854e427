import { EventStore, type ReplayProgress, replays, type ReplayScope } from 'lintel/runtime';
import type { OrderEvent } from './orders';

/** What an operator asks for. */
export interface Order {
  readonly of: 'BY_ORDER' | 'REVENUE';
  readonly call: 'start' | 'repair' | 'rebuild' | 'progress' | 'resume' | 'stop' | 'forget' | 'place';
  readonly name?: string;
  readonly scope?: Omit<ReplayScope, 'since'> & { readonly ids?: readonly string[]; readonly since?: string };
}

export async function handler({ of, call, name = '', scope = {} }: Order): Promise<ReplayProgress | string | void> {
  const operated = replays(of);
  const { since, ids, ...more } = scope;
  const what = ids ? { ids } : { ...more, ...(since !== undefined && { since: new Date(since) }) };
  switch (call) {
    case 'progress':
    case 'resume':
    case 'stop':
      return operated[call](name);
    case 'forget':
      return new EventStore('ORDERS').forget(name);
    case 'place': {
      const placed: OrderEvent = { type: 'OrderPlaced', data: { name: 'Ada', day: 'day-1' } };
      await new EventStore<OrderEvent>('ORDERS').append(name, 0, [placed]);
      return;
    }
    case 'repair':
      return operated.repair(what as { ids: string[] });
    case 'rebuild':
      return operated.rebuild(what);
    default:
      return operated.start(what as ReplayScope);
  }
}
