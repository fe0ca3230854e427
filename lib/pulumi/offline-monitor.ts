import type { RegisterResourceRequest } from '@pulumi/pulumi/proto/resource_pb';
import { type GraphResource, pathOf } from '../core/model/graph';
import { placeholder } from '../core/model/placeholder';
import { type CallAnswer, type RegistrationAnswer, WIRE, type WireStruct } from './internals';
import { NO_RESULT } from './placeholder-apply';
import { resourceOptions } from './resource-options';
import { asSecret, decode, mapSorted } from './wire';

const ROOT_TYPE = 'pulumi:pulumi:Stack';

/** Pulumi's own resource that keeps the value it was created with. */
const STASH_TYPE = 'pulumi:index:Stash';

/** What an engine may be able to do and this one is; the rest the SDK does without, or refuses. */
const SUPPORTED: ReadonlySet<string> = new Set([
  'secrets',
  'resourceReferences',
  'aliasSpecs',
  'deletedWith',
  'replaceWith',
  'transforms',
  'parameterization',
  'resourceHooks',
  'errorHooks',
]);

/** Answers the program's calls of provider functions (`getZone`, `getCallerIdentity`): its result, or undefined for unknown. */
export type Calls = (token: string, inputs: Readonly<Record<string, unknown>>) => unknown;

/** What the monitor needs to know of a run. */
export interface MonitorOptions {
  /** Name of the project. */
  readonly project: string;
  /** Name of the stack. */
  readonly stack: string;
  /** Answers calls of provider functions. */
  readonly calls: Calls;
  /** Names of the outputs that the class of a resource declares and its inputs do not set. */
  readonly outputsOf: (type: string, name: string) => readonly string[];
  /** Called with every text inside a secret. */
  readonly onSecret: (text: string) => void;
  /** Called with what is wrong with the program. */
  readonly onError: (error: unknown) => void;
  /** Applies the program's transforms, by token, to a registration. */
  readonly transform: (request: RegisterResourceRequest, tokens: readonly string[]) => Promise<void>;
  /** Called whenever the program asks for something. */
  readonly onActivity: () => void;
}

/** A request of the SDK, in the parts that are read here. */
interface Request {
  getTok(): string;
  getArgs(): WireStruct;
}
interface ReadRequest {
  getId(): string;
  getType(): string;
  getName(): string;
  getParent(): string;
  getProperties(): WireStruct;
}
/** A resource by its URN. `transforms` are its own and those of its parents, by token. */
interface Registered {
  readonly type: string;
  readonly path: string;
  readonly transforms: readonly string[];
}
type Answer<T> = (error: unknown, answer: T) => void;

/**
 * Stands in for Pulumi's engine: keeps what a program registers and answers as a preview of a new stack would, except
 * that outputs which only the cloud knows are placeholders that name their resource.
 */
export class OfflineMonitor {
  /** The resources in the order of registration, without the stack itself. */
  readonly resources: GraphResource[] = [];
  /** The outputs of the stack. */
  outputs: Record<string, unknown> = {};
  /** How often each `type::name` was registered or read. */
  readonly registered = new Map<string, number>();
  private readonly paths = new Map<string, Registered>();
  private readonly stackTransforms: string[] = [];

  constructor(private readonly options: MonitorOptions) {}

  supportsFeature(request: { getId(): string }, answer: Answer<{ getHassupport(): boolean }>): void {
    answer(null, { getHassupport: () => SUPPORTED.has(request.getId()) });
  }

  registerStackTransform(request: { getToken(): string }, answer: Answer<object>): void {
    this.stackTransforms.push(request.getToken());
    answer(null, {});
  }

  /** Hooks run while something is deployed, so never here. */
  registerResourceHook(_request: unknown, answer: Answer<object>): void {
    answer(null, {});
  }

  /** @see registerResourceHook */
  registerErrorHook(_request: unknown, answer: Answer<object>): void {
    answer(null, {});
  }

  registerResource(request: RegisterResourceRequest, answer: Answer<RegistrationAnswer>): void {
    const type = request.getType();
    const name = request.getName();
    const urn = this.urn(request.getParent(), type, name);
    this.count(type, name);
    if (type === ROOT_TYPE) {
      answer(null, registration(urn, '', {}));
      return;
    }
    if (this.paths.has(urn)) {
      this.options.onError(new Error(`Duplicate resource URN '${urn}'; try giving it a unique name`));
      return; // what waits for this resource waits for ever, as the run is over
    }
    const parent = this.paths.get(request.getParent());
    const path = pathOf({ name, ...(parent ? { parent: parent.path } : {}) });
    const own = request.getTransformsList().map((transform) => transform.getToken());
    const transforms = [...own, ...(parent?.transforms ?? [])];
    this.paths.set(urn, { type, path, transforms });
    this.options
      .transform(request, [...transforms, ...this.stackTransforms])
      .then(() => {
        const inputs = request.getObject()?.toJavaScript() ?? {};
        this.keep({ type, name, ...(parent ? { parent: parent.path } : {}) }, inputs, request);
        answer(null, registration(urn, placeholder(type, path, 'id'), this.state(request, path, inputs)));
      })
      .catch(this.options.onError);
  }

  /** A resource that exists and that the program only looks at: no part of the graph. */
  readResource(request: ReadRequest, answer: Answer<RegistrationAnswer>): void {
    this.count(request.getType(), request.getName());
    const urn = this.urn(request.getParent(), request.getType(), request.getName());
    answer(null, registration(urn, request.getId(), request.getProperties().toJavaScript()));
  }

  invoke(request: Request, answer: Answer<CallAnswer>): void {
    this.options.onActivity();
    const inputs = request.getArgs().toJavaScript();
    try {
      const result = this.options.calls(request.getTok(), inputs);
      answer(null, callAnswer(result === undefined ? { [NO_RESULT]: WIRE.unknown } : { ...Object(result) }));
    } catch (error) {
      this.options.onError(error);
    }
  }

  /** A method of a remote component; only its provider knows the result. */
  call(_request: Request, answer: Answer<CallAnswer>): void {
    answer(null, callAnswer({ [NO_RESULT]: WIRE.unknown }));
  }

  registerResourceOutputs(
    request: { getUrn(): string; getOutputs(): WireStruct | undefined },
    answer: Answer<object>,
  ): void {
    if (request.getUrn().includes(`::${ROOT_TYPE}::`)) {
      this.outputs = this.decoded(request.getOutputs()?.toJavaScript() ?? {}).value as Record<string, unknown>;
    }
    answer(null, {});
  }

  registerPackage(_request: unknown, answer: Answer<{ getRef(): string }>): void {
    answer(null, { getRef: () => '' });
  }

  private keep(
    identity: Pick<GraphResource, 'type' | 'name' | 'parent'>,
    inputs: Record<string, unknown>,
    request: RegisterResourceRequest,
  ): void {
    const { value, secrets } = this.decoded(inputs);
    const implied = new Set<string>();
    request.getPropertydependenciesMap().forEach((dependencies) => {
      for (const urn of dependencies.getUrnsList()) implied.add(urn);
    });
    this.resources.push({
      ...identity,
      inputs: value as Record<string, unknown>,
      dependsOn: request
        .getDependenciesList()
        .filter((urn) => !implied.has(urn))
        .map((urn) => this.resourceName(urn))
        .sort(),
      secrets,
      options: resourceOptions(request, (urn) => this.resourceName(urn)),
    });
  }

  /** What the resource's outputs are: what was put in, and a placeholder for what only the cloud knows. */
  private state(
    request: RegisterResourceRequest,
    path: string,
    inputs: Record<string, unknown>,
  ): Record<string, unknown> {
    const type = request.getType();
    const state: Record<string, unknown> = {};
    for (const output of this.options.outputsOf(type, request.getName())) {
      state[output] = placeholder(type, path, output);
    }
    Object.assign(state, inputs);
    if (type === STASH_TYPE) state.output = inputs.input;
    for (const output of request.getAdditionalsecretoutputsList()) {
      if (output in state) state[output] = asSecret(state[output]);
    }
    return state;
  }

  private decoded(wire: Record<string, unknown>) {
    return decode(wire, { onSecret: this.options.onSecret, resource: (urn) => this.resourceName(urn) });
  }

  /** `<type>::<path>` of a URN, or of a provider's reference, which is a URN and an id. */
  private resourceName(reference: string): string {
    const urn = reference.split('::').slice(0, 4).join('::');
    const known = this.paths.get(urn);
    return known ? `${known.type}::${known.path}` : urn.split('::').slice(2).join('::');
  }

  private urn(parent: string, type: string, name: string): string {
    const parentType = parent.split('::')[2];
    const qualified = parentType && parentType !== ROOT_TYPE ? `${parentType}$${type}` : type;
    return `urn:pulumi:${this.options.stack}::${this.options.project}::${qualified}::${name}`;
  }

  private count(type: string, name: string): void {
    this.options.onActivity();
    const key = `${type}::${name}`;
    this.registered.set(key, (this.registered.get(key) ?? 0) + 1);
  }
}

function registration(urn: string, id: string, state: Record<string, unknown>): RegistrationAnswer {
  return {
    getUrn: () => urn,
    getId: () => id,
    getObject: () => ({ toJavaScript: () => state }),
    getProperties: () => ({ toJavaScript: () => state }),
    getPropertydependenciesMap: () => undefined,
    getResult: () => 0,
  };
}

function callAnswer(result: Record<string, unknown>): CallAnswer {
  const plain = mapSorted(result, (value) => value);
  return {
    getReturn: () => ({ toJavaScript: () => plain }),
    getFailuresList: () => [],
    getReturndependenciesMap: () => undefined,
  };
}
