import { AwsError } from '../../kernel/aws-errors';
import type { Clock } from '../../kernel/clock';
import type { Deployed } from '../../kernel/deployment';
import { type JsonObject, number, text } from '../../kernel/json';
import { nodeOfEvent, type Patterns } from './patterns';
import { busName } from './rules';

/** The CloudFormation type of an archive. */
export const ARCHIVE = 'AWS::Events::Archive';
const DAY = 86_400;

/** An archived event. */
export interface Archived {
  readonly event: JsonObject;
  /** When it arrived, in milliseconds since the epoch. */
  readonly at: number;
}

/** An archive of a bus. */
export interface Archive {
  readonly name: string;
  /** For the log: its construct path, or its name. */
  readonly displayName: string;
  readonly arn: string;
  /** The ARN of its bus. */
  readonly source: string;
  readonly created: number;
  description?: string;
  /** The pattern of events to keep; absent for all. */
  pattern?: unknown;
  /** Retention in days; 0 is forever. */
  retention: number;
  events: Archived[];
}

/** The archives of a run: those of the templates and those created by handlers. */
export class Archives {
  private readonly known = new Map<string, Archive>();

  /** What they work with. */
  constructor(
    private readonly patterns: Patterns,
    private readonly clock: Clock,
    private readonly arnOf: (name: string) => string,
  ) {}

  /** All archives, after dropping expired events. */
  get all(): readonly Archive[] {
    const archives = [...this.known.values()];
    for (const archive of archives) {
      if (archive.retention === 0) continue;
      archive.events = archive.events.filter(({ at }) => this.clock.since(at) <= archive.retention * DAY);
    }
    return archives;
  }

  /**
   * Adds an archive of a template; a second one of its name is left out.
   * @throws AwsError for a pattern that EventBridge refuses
   */
  add({ name, arn, displayName, properties }: Deployed): void {
    if (this.known.has(arn)) return;
    this.create({ ...properties, ArchiveName: name, EventSourceArn: properties.SourceArn }, { displayName, arn });
  }

  /** @throws AwsError for a name that is taken */
  create(
    { ArchiveName, EventSourceArn, EventPattern, RetentionDays, Description }: JsonObject,
    own?: Pick<Deployed, 'displayName' | 'arn'>,
  ): Archive {
    const name = text(ArchiveName) ?? '';
    const { displayName, arn } = own ?? { displayName: name, arn: this.arnOf(name) };
    if (this.known.has(arn)) throw new AwsError('ResourceAlreadyExistsException', `Archive ${name} already exists.`);
    this.checkPattern(EventPattern);
    const description = text(Description);
    const archive: Archive = {
      name,
      displayName,
      arn,
      source: text(EventSourceArn) ?? '',
      created: Date.now(),
      retention: number(RetentionDays) ?? 0,
      events: [],
      description,
      ...(EventPattern !== undefined && { pattern: EventPattern }),
    };
    this.known.set(arn, archive);
    return archive;
  }

  /** @throws AwsError when there is none of that name, or nothing to change */
  update({ ArchiveName, EventPattern, RetentionDays, Description }: JsonObject): Archive {
    if ([EventPattern, RetentionDays, Description].every((one) => one === undefined)) {
      throw new AwsError(
        'ValidationException',
        'At least one of EventPattern, RetentionDays or Description must be provided.',
      );
    }
    const archive = this.named(text(ArchiveName) ?? '');
    this.checkPattern(EventPattern);
    if (EventPattern !== undefined) archive.pattern = EventPattern;
    archive.retention = number(RetentionDays) ?? archive.retention;
    const description = text(Description);
    if (description !== undefined) archive.description = description;
    return archive;
  }

  /** @throws AwsError where there is none of that name */
  named(name: string): Archive {
    const archive = this.all.find((one) => one.name === name);
    if (archive) return archive;
    throw new AwsError('ResourceNotFoundException', `Archive ${name} does not exist.`);
  }

  remove(name: string): void {
    this.known.delete(this.named(name).arn);
  }

  /** Adds an event of a bus to each archive whose pattern matches. */
  keep(bus: string, event: JsonObject, detail: string | undefined): void {
    const read = nodeOfEvent(event, detail);
    for (const archive of this.known.values()) {
      if (busName(archive.source) !== bus) continue;
      if (archive.pattern === undefined || this.patterns.matches(archive.pattern, read)) {
        archive.events.push({ event, at: Date.now() });
      }
    }
  }

  private checkPattern(pattern: unknown): void {
    const read = pattern === undefined ? undefined : this.patterns.of(pattern);
    if (typeof read === 'string') throw new AwsError('InvalidEventPatternException', read);
  }
}
