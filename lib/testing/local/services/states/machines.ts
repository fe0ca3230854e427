import { definitionFaults } from '../../../../core/asl/faults';
import { type Flow, parseDefinition } from '../../../../core/asl/definition';
import { AwsError } from '../../kernel/aws-errors';
import { isRecord, type JsonObject, text } from '../../kernel/json';
import type { Deployed, Deployment } from '../../kernel/deployment';
import { parseArn } from '../../../../core/arn';
import { withSubstitutions } from '../../../../core/asl/substitutions';

/** The type of a state machine. */
export const MACHINE = 'AWS::StepFunctions::StateMachine';
/** The type of one of its versions. */
export const VERSION = 'AWS::StepFunctions::StateMachineVersion';
/** The type of one of its aliases. */
export const ALIAS = 'AWS::StepFunctions::StateMachineAlias';

/** A state machine of the templates. */
export interface Machine {
  readonly deployed: Deployed;
  readonly arn: string;
  readonly name: string;
  /** Whether its executions are Express. */
  readonly express: boolean;
  /** The ARN of its role. */
  readonly roleArn: string;
  /** Its definition, as JSON. */
  readonly definition: string;
  /** Its parsed definition, or why it cannot be parsed. */
  readonly read: { readonly machine: Flow } | { readonly fault: string };
  /** Why AWS would reject its definition; empty if valid. */
  readonly refused: readonly string[];
}

/** The state machines of the templates. */
export class Machines {
  private readonly known = new Map<string, { readonly properties: JsonObject; readonly machine: Machine }>();

  /** @param deployment the resources */
  constructor(private readonly deployment: Deployment) {}

  /** All of them, in the order of the templates. */
  get all(): readonly Machine[] {
    return this.deployment.ofType(MACHINE).map((one) => this.of(one));
  }

  /** The machine of a resource. */
  of(deployed: Deployed): Machine {
    const { properties } = deployed;
    const known = this.known.get(deployed.resource.id);
    // A custom resource's response may change the definition.
    if (known?.properties === properties) return known.machine;
    const machine = machineOf(deployed, properties);
    this.known.set(deployed.resource.id, { properties, machine });
    return machine;
  }

  /**
   * The machine that an ARN names.
   * @throws AwsError when there is none; one with an invalid definition is never created
   */
  existing(arn: string): Machine {
    const machine = this.withArn(arn);
    if (machine && machine.refused.length === 0) return machine;
    const why = machine ? ` (AWS refuses its definition: ${machine.refused.join('; ')})` : '';
    throw new AwsError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${arn}'${why}`);
  }

  /** The machine of an ARN, which may be that of a version or alias. */
  withArn(arn: string): Machine | undefined {
    const own = this.deployment.withArn(arn, MACHINE);
    if (own) return this.of(own);
    const named = this.deployment.ofType(VERSION, ALIAS).some((one) => one.arn === arn || one.ref === arn);
    return named ? this.withArn(arn.replace(/:[^:]+$/, '')) : undefined;
  }
}

function machineOf(deployed: Deployed, properties: JsonObject): Machine {
  const definition = definitionOf(properties);
  const express = properties.StateMachineType === 'EXPRESS';
  const faults = definition === undefined ? [] : definitionFaults(definition, express);
  return {
    deployed,
    arn: deployed.arn,
    name: parseArn(deployed.arn)?.resource.replace(/^stateMachine:/, '') ?? deployed.name,
    express,
    roleArn: text(properties.RoleArn) ?? '',
    definition: definition ?? '',
    refused: faults.map(({ code, message, location = '/' }) => `${code}: ${message} at ${location}`),
    read: definition === undefined ? { fault: 'is known only at deployment' } : parseDefinition(definition),
  };
}

/** The definition's text, with substitutions applied. */
function definitionOf({ Definition, DefinitionString, DefinitionSubstitutions }: JsonObject): string | undefined {
  const source = isRecord(Definition) ? JSON.stringify(Definition) : text(DefinitionString);
  if (source === undefined || !isRecord(DefinitionSubstitutions)) return source;
  const values = DefinitionSubstitutions;
  return withSubstitutions(source, (name) => text(values[name]));
}
