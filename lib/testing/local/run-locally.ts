import type { RunSource } from './kernel/assembly';
import { readToRun } from './kernel/read-to-run';
import { LocalRun } from './local-run';
import type { LocalRunOptions } from './options';

/**
 * Runs a synthesized app before it is deployed: the templates' functions with their real code, their APIs on
 * 127.0.0.1, their tables on a local engine. Every AWS SDK call of a function is authorized by the
 * policies of its role, so a missing grant is AccessDenied, as on AWS. What cannot be run is in `run.unsupported`.
 *
 * @example
 * const run = await runLocally(app);
 * const response = await fetch(`${run.url}/orders`, { method: 'POST', body: JSON.stringify({ id: '1' }) });
 * await run.stop();
 *
 * @param source a template of CloudFormation or SAM, a cloud assembly's directory, a `CloudAssembly`, or an `App` or any construct in it, which is synthesized
 * @throws LocalRunError when the source is not an assembly, an asset is missing, an engine is not installed, a port is taken
 * @throws ReadError when a template cannot be read
 */
export async function runLocally(source: RunSource, options: LocalRunOptions = {}): Promise<LocalRun> {
  const { directory, model } = readToRun(source, options);
  return LocalRun.start(directory, model, options);
}
