import type {
  RegisterResourceOutputsRequest,
  RegisterResourceRequest,
  ResourceCallRequest,
  ResourceInvokeRequest,
} from '@pulumi/pulumi/proto/resource_pb';
import { type GraphResource, pathOf } from '../core/model/graph';
import { placeholder } from '../core/model/placeholder';
import { type Answers, UNIMPLEMENTED } from './answers';
import { WIRE, type WireStruct } from './internals';
import { holdsProbe } from './probe';
import type { Calls } from './program';
import { resourceOptions } from './resource-options';
import { asSecret, decode, NO_RESULT, withoutResources } from './wire';

const ROOT_TYPE = 'pulumi:pulumi:Stack';

/** Pulumi's own resource that keeps its initial value. */
const STASH_TYPE = 'pulumi:index:Stash';

/** Engine features supported here; without the others the SDK does without, or refuses. */
const SUPPORTED: ReadonlySet<string> = new Set([
  'secrets',
  'resourceReferences',
  'aliasSpecs',
  'deletedWith',
  'replaceWith',
  'transforms',
  'invokeTransforms',
  'parameterization',
  'resourceHooks',
  'errorHooks',
]);

/** The answer to a call whose result is unknown. */
const NOTHING_KNOWN = { [NO_RESULT]: WIRE.unknown };

/** The SDK's request for the state of a referenced resource. */
const GET_RESOURCE = 'pulumi:pulumi:getResource';

/** Options of a monitor. */
export interface MonitorOptions {
  /** Name of the project. */
  readonly project: string;
  /** Name of the stack. */
  readonly stack: string;
  /** Answers calls of provider functions. */
  readonly calls: Calls;
  /** Names of the outputs that a resource's class declares and its inputs do not set. */
  readonly outputsOf: (type: string, name: string) => readonly string[];
  /** Called with every string inside a secret. */
  readonly onSecret: (text: string) => void;
  /** Called with every error of the program. */
  readonly onError: (error: unknown) => void;
  /** Builds the messages of the protocol. */
  readonly answers: Answers;
  /** Applies the program's transforms of calls, by token. */
  readonly transformInvoke: (request: ResourceInvokeRequest, tokens: readonly string[]) => Promise<void>;
  /** Applies the program's transforms, by token, to a registration. */
  readonly transform: (request: RegisterResourceRequest, tokens: readonly string[]) => Promise<void>;
  /** Called whenever the program requests something. */
  readonly onActivity: () => void;
}

/** A read request, as far as it is used here. */
interface ReadRequest {
  getId(): string;
  getType(): string;
  getName(): string;
  getParent(): string;
  getProperties(): WireStruct | undefined;
}
/** A resource by URN. `transforms` are its own and its parents', by token. */
interface Registered {
  readonly type: string;
  readonly path: string;
  readonly transforms: readonly string[];
  /** The answer to `getResource`: the resource's id and outputs. */
  id: string;
  state: Record<string, unknown>;
}
type Answer = (error: unknown, answer?: object) => void;

/**
 * Stands in for Pulumi's engine: records what a program registers, and answers as a preview of a new stack would, except
 * that outputs known only to the cloud are placeholders that name their resource.
 */
export class OfflineMonitor {
  /** Resources in order of registration, without the stack itself. */
  readonly resources: GraphResource[] = [];
  /** The outputs of the stack. */
  outputs: Record<string, unknown> = {};
  /** How often each `type::name` was registered or read. */
  readonly registered = new Map<string, number>();
  private readonly paths = new Map<string, Registered>();
  private readonly stackTransforms: string[] = [];
  private readonly invokeTransforms: string[] = [];

  constructor(private readonly options: MonitorOptions) {}

  supportsFeature(request: { getId(): string }, answer: Answer): void {
    answer(null, this.options.answers.support(SUPPORTED.has(request.getId())));
  }

  /** Behaves like an engine that predates this request: the SDK then asks for each feature, and already has project and stack. */
  getDeploymentInfo(_request: unknown, answer: Answer): void {
    answer(UNIMPLEMENTED);
  }

  registerStackTransform(request: { getToken(): string }, answer: Answer): void {
    this.stackTransforms.push(request.getToken());
    answer(null, this.options.answers.empty('registerStackTransform'));
  }

  registerStackInvokeTransform(request: { getToken(): string }, answer: Answer): void {
    this.invokeTransforms.push(request.getToken());
    answer(null, this.options.answers.empty('registerStackInvokeTransform'));
  }

  /** Hooks run only during deployment, so never here. */
  registerResourceHook(_request: unknown, answer: Answer): void {
    answer(null, this.options.answers.empty('registerResourceHook'));
  }

  /** @see registerResourceHook */
  registerErrorHook(_request: unknown, answer: Answer): void {
    answer(null, this.options.answers.empty('registerErrorHook'));
  }

  signalAndWaitForShutdown(_request: unknown, answer: Answer): void {
    answer(null, this.options.answers.empty('signalAndWaitForShutdown'));
  }

  registerResource(request: RegisterResourceRequest, answer: Answer): void {
    const type = request.getType();
    const name = request.getName();
    const urn = this.urn(request.getParent(), type, name);
    this.count(type, name);
    if (type === ROOT_TYPE) {
      answer(null, this.options.answers.registration(urn, '', {}));
      return;
    }
    if (this.paths.has(urn)) {
      this.options.onError(new Error(`Duplicate resource URN '${urn}'; try giving it a unique name`));
      return; // whatever awaits this resource waits forever, as the run is over
    }
    const parent = this.paths.get(request.getParent());
    const path = pathOf({ name, ...(parent ? { parent: parent.path } : {}) });
    const own = request.getTransformsList().map((transform) => transform.getToken());
    const transforms = [...own, ...(parent?.transforms ?? [])];
    const id = request.getCustom() ? placeholder(type, path, 'id') : '';
    const known: Registered = { type, path, transforms, id, state: {} };
    this.paths.set(urn, known);
    this.options
      .transform(request, [...transforms, ...this.stackTransforms])
      .then(() => {
        const inputs = request.getObject()?.toJavaScript() ?? {};
        this.keep({ type, name, ...(parent ? { parent: parent.path } : {}) }, inputs, request);
        known.state = this.state(request, path, inputs);
        answer(null, this.options.answers.registration(urn, id, known.state));
      })
      .catch(this.options.onError);
  }

  /** An existing resource that the program only reads: not part of the graph. */
  readResource(request: ReadRequest, answer: Answer): void {
    this.count(request.getType(), request.getName());
    const urn = this.urn(request.getParent(), request.getType(), request.getName());
    const state = request.getProperties()?.toJavaScript() ?? {};
    answer(null, this.options.answers.read(urn, request.getId(), withoutResources(state)));
  }

  /** Only the cloud knows whether a resource exists. */
  existsResource(_request: unknown, answer: Answer): void {
    answer(null, this.options.answers.exists());
  }

  invoke(request: ResourceInvokeRequest, answer: Answer): void {
    this.options.onActivity();
    if (request.getTok() === GET_RESOURCE) {
      this.getResource(request, answer);
      return;
    }
    this.options
      .transformInvoke(request, this.invokeTransforms)
      .then(() => {
        const inputs = withoutResources(request.getArgs()?.toJavaScript() ?? {});
        const result = holdsProbe(inputs) ? undefined : this.options.calls(request.getTok(), inputs);
        answer(
          null,
          this.options.answers.result('invoke', result === undefined ? NOTHING_KNOWN : { ...Object(result) }),
        );
      })
      .catch(this.options.onError);
  }

  /** A method of a remote component; only its provider knows the result. */
  call(_request: ResourceCallRequest, answer: Answer): void {
    this.options.onActivity();
    answer(null, this.options.answers.result('call', NOTHING_KNOWN));
  }

  registerResourceOutputs(request: RegisterResourceOutputsRequest, answer: Answer): void {
    const outputs = request.getOutputs()?.toJavaScript() ?? {};
    if (request.getUrn().includes(`::${ROOT_TYPE}::`)) {
      this.outputs = this.decoded(outputs).value as Record<string, unknown>;
    }
    const known = this.paths.get(request.getUrn());
    if (known) known.state = withoutResources(outputs);
    answer(null, this.options.answers.empty('registerResourceOutputs'));
  }

  registerPackage(_request: unknown, answer: Answer): void {
    answer(null, this.options.answers.package());
  }

  private getResource(request: ResourceInvokeRequest, answer: Answer): void {
    const urn = String(request.getArgs()?.toJavaScript().urn);
    const known = this.paths.get(urn);
    answer(null, this.options.answers.result('invoke', { urn, id: known?.id ?? '', state: known?.state ?? {} }));
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

  /** The resource's outputs: its inputs, and placeholders for what only the cloud knows. */
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
    Object.assign(state, withoutResources(inputs));
    if (type === STASH_TYPE && 'input' in state) state.output = state.input;
    for (const output of request.getAdditionalsecretoutputsList()) {
      if (output in state) state[output] = asSecret(state[output]);
    }
    return state;
  }

  private decoded(wire: Record<string, unknown>) {
    return decode(wire, { onSecret: this.options.onSecret, resource: (urn) => this.resourceName(urn) });
  }

  /** `<type>::<path>` of a URN, or of a provider reference, which is a URN and an id. */
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
