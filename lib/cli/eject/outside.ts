import { type Names, pascal } from './names';
import { sectionOf, type Selection } from './selection';
import type { JsonObject } from '../../core/record';

/** A prop of the class: what the construct needs from others. */
export interface Prop {
  readonly name: string;
  readonly type: string;
  readonly doc: string;
  /** What it is in the template: an intrinsic function, or the logical id of a resource. */
  readonly stands: JsonObject | string;
}

/** What `Ref` gives, by type. */
const REF: readonly (readonly [type: RegExp, suffix: string])[] = [
  [/^AWS::SQS::Queue$/, 'Url'],
  [/^AWS::(SNS::Topic|StepFunctions::StateMachine|SecretsManager::Secret)$/, 'Arn'],
  [/^AWS::(DynamoDB|S3|Lambda|IAM|Logs|Events|Kinesis)::/, 'Name'],
  [/./, 'Id'],
];

/** What a construct refers to but did not create: props of its class. */
export class Outside {
  private readonly known = new Map<string, Prop>();

  constructor(
    private readonly selection: Selection,
    private readonly names: Names,
  ) {}

  get props(): readonly Prop[] {
    return [...this.known.values()];
  }

  ref(id: string): string {
    const resource = sectionOf(this.selection.template, 'Resources')[id];
    const type = String(resource?.Type ?? '');
    const suffix = resource === undefined ? '' : REF.find(([of]) => of.test(type))![1];
    const what = resource === undefined ? `The parameter ${id}` : `'Ref' of ${this.placeOf(id)} (${type})`;
    return this.prop(`Ref ${id}`, this.pathOf(id), suffix, 'string', what, { Ref: id });
  }

  attribute(id: string, name: string): string {
    const type = String(sectionOf(this.selection.template, 'Resources')[id]?.Type);
    const doc = `'${name}' of ${this.placeOf(id)} (${type})`;
    return this.prop(`${id}.${name}`, this.pathOf(id), pascal(name), 'string', doc, { 'Fn::GetAtt': [id, name] });
  }

  /** From another stack: passed as it is there, so that CDK keeps exporting it. */
  imported(name: string): string {
    const doc = `What another stack exports as '${name}': ${this.selection.exports.get(name) ?? 'its value there'}`;
    const words = /^(.*?):(?:ExportsOutput(?:Ref|FnGetAtt))?(.*)$/.exec(name);
    const path = words === null ? name : `${words[1]}/${words[2]!.replace(/[0-9A-F]{8}(?=[A-Z]|$)/g, '')}`;
    return this.prop(`import ${name}`, `/${path}`, '', 'string', doc, { 'Fn::ImportValue': name });
  }

  dependency(id: string): string {
    return this.prop(
      `depends ${id}`,
      this.pathOf(id),
      '',
      'cdk.CfnResource',
      `${this.placeOf(id)}, on which resources here depend`,
      id,
    );
  }

  private prop(
    key: string,
    path: string,
    suffix: string,
    type: string,
    doc: string,
    stands: JsonObject | string,
  ): string {
    const found = this.known.get(key);
    if (found) return `props.${found.name}`;
    const prop = { name: this.names.after(path, 'other', suffix), type, doc, stands };
    this.known.set(key, prop);
    return `props.${prop.name}`;
  }

  private pathOf(id: string): string {
    return this.selection.paths.get(id) ?? id;
  }

  private placeOf(id: string): string {
    return this.pathOf(id).replace(/\/(Resource|Default)$/, '');
  }
}
