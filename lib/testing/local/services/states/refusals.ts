import { type JsonObject, recordOf, records, text } from '../../kernel/json';

/** What a name must not have. */
const NOT_IN_NAME = /[\s<>{}[\]?*"#%\\^|~`$&,;:/\p{Cc}]/u;
const DEFINITIONS = ['Definition', 'DefinitionString', 'DefinitionS3Location'];

/**
 * Why Step Functions refuses to create a template's machine, besides its definition; empty if it accepts it.
 * @param properties with null for what is not known
 * @see https://docs.aws.amazon.com/step-functions/latest/apireference/API_CreateStateMachine.html
 */
export function machineFaults(properties: JsonObject): readonly string[] {
  const name = text(properties.StateMachineName) ?? '';
  const { Level, Destinations } = recordOf(properties.LoggingConfiguration);
  const logs = text(Level) !== undefined && Level !== 'OFF' && Destinations !== null;
  const groups = records(Destinations).map((one) => text(recordOf(one.CloudWatchLogsLogGroup).LogGroupArn) ?? '');
  return [
    ...(DEFINITIONS.filter((field) => properties[field] !== undefined).length > 1
      ? [`one of ${DEFINITIONS.join(', ')} is set`]
      : []),
    ...(NOT_IN_NAME.test(name) || name.length > 80 ? [`Invalid Name: '${name}'`] : []),
    ...(logs && groups.length !== 1 ? ['Must specify exactly one Log Destination.'] : []),
    ...(logs && /[^\w.-]/.test(name) ? [`a machine that writes logs has a name in ASCII, got '${name}'`] : []),
    ...(logs && groups.some((arn) => arn.includes(':log-group:') && !arn.endsWith(':*'))
      ? ["Log Group ARN must be provided with '*' qualifier."]
      : []),
  ];
}
