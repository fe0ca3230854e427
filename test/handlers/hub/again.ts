import { replay } from 'lintel/runtime';

interface Request {
  readonly name: string;
  readonly from: string;
  readonly to: string;
}

export const handler = async ({ name, from, to }: Request) => {
  await replay('REPLAY').start(name, { from: new Date(from), to: new Date(to) });
  return replay('REPLAY').state(name);
};
