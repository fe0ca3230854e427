/** Runs something in the directory of an example, where its program finds its handlers. */
export async function inDirectory<T>(directory: string, run: () => Promise<T>): Promise<T> {
  const before = process.cwd();
  process.chdir(directory);
  try {
    return await run();
  } finally {
    process.chdir(before);
  }
}
