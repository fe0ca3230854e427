import { writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';

/** Names that are imported are limited as well. */
export const handler = async () => {
  const codes = [];
  try {
    writeFileSync('here.txt', 'x');
  } catch (error) {
    codes.push(error.code);
  }
  await writeFile('here.txt', 'x').catch((error) => codes.push(error.code));
  return codes;
};
