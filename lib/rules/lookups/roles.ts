import { ModelAccess } from '../../core/iam/model-access';
import type { Model, Resource } from '../../core/model/model';
import { at } from '../../core/model/select';

/** The roles that a function, state machine, pipe or other resource runs as (`Role`, `RoleArn`); empty where unknown. */
export function rolesOf(model: Model, resource: Resource, property: string): readonly Resource[] {
  return ModelAccess.of(model).named(at(resource, property), resource.template, 'AWS::IAM::Role');
}
