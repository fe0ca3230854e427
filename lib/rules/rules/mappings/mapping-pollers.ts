import { eventSource } from '../../../core/facts';
import { at, inWords, toNumber, together } from '../../../core/model/select';
import { each, type Rule } from '../../rule';

export const mappingPollers: Rule = {
  id: 'MappingPollers',
  severity: 'error',
  title: 'Provisioned pollers exclude a maximum concurrency, and their minimum is at most their maximum',
  why: 'Lambda rejects the deployment otherwise.',
  fix: 'choose one of ProvisionedPollerConfig and ScalingConfig.MaximumConcurrency',
  source: eventSource.maximumPollers.source,
  check: each(['AWS::Lambda::EventSourceMapping'], function* (mapping) {
    if (at(mapping, 'ProvisionedPollerConfig') === undefined) return;
    if (at(mapping, 'ScalingConfig.MaximumConcurrency') !== undefined) {
      const property = 'ProvisionedPollerConfig';
      yield {
        resource: mapping,
        property,
        message: 'has provisioned pollers and a maximum concurrency',
        detail: 'concurrency',
      };
    }
    const bounds = together({
      least: at(mapping, 'ProvisionedPollerConfig.MinimumPollers'),
      most: at(mapping, 'ProvisionedPollerConfig.MaximumPollers'),
    });
    for (const { values, when } of bounds) {
      const [least, most] = [toNumber(values.least), toNumber(values.most)];
      if (least === undefined || most === undefined || least <= most) continue;
      yield {
        resource: mapping,
        property: 'ProvisionedPollerConfig.MinimumPollers',
        message: `asks for at least ${least} pollers and at most ${most}${inWords(when)}`,
        remedy: 'set MinimumPollers to at most MaximumPollers',
      };
    }
  }),
};
