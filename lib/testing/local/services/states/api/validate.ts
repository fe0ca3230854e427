import { definitionFaults } from '../../../../../core/asl/faults';

/** `ValidateStateMachineDefinition`: why AWS would reject a definition. Warnings are not reported. */
export function validated(definition: string, express: boolean): unknown {
  const faults = definitionFaults(definition, express);
  const diagnostics = faults.map(({ code, message, location }) => ({
    severity: 'ERROR',
    code,
    message,
    location,
  }));
  return { result: faults.length > 0 ? 'FAIL' : 'OK', diagnostics, truncated: false };
}
