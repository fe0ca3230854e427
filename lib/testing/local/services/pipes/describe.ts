import type { JsonObject } from '../../kernel/json';
import type { Pipe } from './pipe';

/** A pipe as returned by `ListPipes` and `StartPipe`. */
export function summary(pipe: Pipe): JsonObject {
  const { deployed, settings, state, reason, created, modified } = pipe;
  return {
    Arn: deployed.arn,
    Name: settings.name,
    Source: settings.source,
    Target: settings.target,
    ...(settings.enrichment !== undefined && { Enrichment: settings.enrichment }),
    DesiredState: state === 'STOPPED' ? 'STOPPED' : 'RUNNING',
    CurrentState: state,
    ...(reason !== undefined && { StateReason: reason }),
    CreationTime: created / 1000,
    LastModifiedTime: modified / 1000,
  };
}

/** A pipe as returned by `DescribePipe`. */
export function described(pipe: Pipe): JsonObject {
  const { SourceParameters, EnrichmentParameters, TargetParameters, Description } = pipe.deployed.properties;
  return {
    ...summary(pipe),
    RoleArn: pipe.settings.role,
    ...(Description !== undefined && { Description }),
    ...(SourceParameters !== undefined && { SourceParameters }),
    ...(EnrichmentParameters !== undefined && { EnrichmentParameters }),
    ...(TargetParameters !== undefined && { TargetParameters }),
  };
}
