import type { Io } from '../../../lib/cli/io';

/** What a command wrote. */
export interface Recorded extends Io {
  /** All of it. */
  text(): string;
  /** Waits for something that is written from now on. */
  until(part: string): Promise<void>;
}

/** Writes down what a command writes. */
export function recorded(): Recorded {
  let text = '';
  let read = 0;
  return {
    out: (more) => void (text += more),
    note: (more) => void (text += `${more}\n`),
    colour: false,
    text: () => text,
    until: async (part) => {
      for (let count = 0; count < 2000 && !text.slice(read).includes(part); count++) {
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      expect(text.slice(read)).toContain(part);
      read = text.indexOf(part, read) + part.length;
    },
  };
}
