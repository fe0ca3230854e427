import type { Model } from '../core/model/model';
import { read, type ReadOptions, rootOf } from '../core/model/read';
import { readGraph } from '../core/model/read-graph';
import { commonFolder } from '../core/model/within';
import type * as Project from '../pulumi/project';

/** How a path of the command line is read. */
export interface PathOptions extends Pick<ReadOptions, 'ignores' | 'name'> {
  /**
   * All paths of the command: templates are named by their path within the folder that contains all of them.
   * @default - the path alone
   */
  readonly among?: readonly string[];
}

/**
 * Reads whatever a path on the command line names: what `read` reads, or a Pulumi project (its directory, `Pulumi.yaml`
 * or `Pulumi.<stack>.yaml`), whose program is run offline.
 * @throws ReadError if it contains nothing that can be judged
 */
export async function readPath(place: string, { ignores, name, among = [place] }: PathOptions = {}): Promise<Model> {
  const { isProject, readProject, synthesizeProject } = require('../pulumi/project') as typeof Project;
  if (!isProject(place)) return read(place, { ignores, name, root: commonFolder(among.map(rootOf)) });
  const project = readProject(place);
  return readGraph(await synthesizeProject(project), {
    name: `${project.project}/${project.stack}`,
    file: project.file,
  });
}
