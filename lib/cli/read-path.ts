import { type Model } from '../core/model/model';
import { read, type ReadOptions } from '../core/model/read';
import { readGraph } from '../core/model/read-graph';
import type * as Project from '../pulumi/project';

/**
 * Reads whatever a path on the command line names: what `read` reads, or a Pulumi project (its directory, `Pulumi.yaml`
 * or `Pulumi.<stack>.yaml`), whose program is run offline.
 * @throws ReadError when there is nothing in it that can be judged, or something that cannot be read
 */
export async function readPath(place: string, options: ReadOptions = {}): Promise<Model> {
  const { isProject, readProject, synthesizeProject } = require('../pulumi/project') as typeof Project;
  if (!isProject(place)) return read(place, options);
  const project = readProject(place);
  return readGraph(await synthesizeProject(project), {
    name: `${project.project}/${project.stack}`,
    file: project.file,
  });
}
