import { Template } from 'aws-cdk-lib/assertions';
import type { Stack } from 'aws-cdk-lib';

/** A state as it is written. */
export interface WrittenState {
  readonly Type: string;
  readonly [field: string]: unknown;
}

/** A machine as it is written; what is known only at deployment reads `OPEN`. */
export interface WrittenMachine {
  readonly Comment: string;
  readonly TimeoutSeconds: number;
  readonly StartAt: string;
  readonly [field: string]: unknown;
  readonly States: Readonly<Record<string, WrittenState>>;
}

/** The definition of the one machine of a stack. */
export function definitionOf(stack: Stack): WrittenMachine {
  const [machine] = Object.values(Template.fromStack(stack).findResources('AWS::StepFunctions::StateMachine'));
  const text = machine!.Properties.DefinitionString as string | { 'Fn::Join': [string, unknown[]] };
  const parts = typeof text === 'string' ? [text] : text['Fn::Join'][1];
  return JSON.parse(parts.map((part) => (typeof part === 'string' ? part : 'OPEN')).join('')) as WrittenMachine;
}
