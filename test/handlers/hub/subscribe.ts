import { subscriber } from 'lintel/runtime';

interface Order {
  readonly id: string;
  readonly poison?: boolean;
}

export const handler = subscriber<{ OrderPlaced: Order; OrderCancelled: Order }>({
  on: {
    OrderPlaced({ id, poison }, event) {
      if (poison) throw new Error(`cannot work on ${id}`);
      // eslint-disable-next-line no-console -- what a test reads
      console.log(`worked on ${id} ${event.source} ${event.type}`);
    },
  },
});
