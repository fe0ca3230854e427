import { AwsError } from '../../kernel/aws-errors';
import type { JsonObject } from '../../kernel/json';

/** A schedule from the templates or created by a handler. */
export interface StoredSchedule {
  /** For logs and reports: its construct path, or group and name. */
  readonly displayName: string;
  readonly name: string;
  /** The name of its group. */
  readonly group: string;
  readonly arn: string;
  /** Its settings, in API form. */
  readonly properties: JsonObject;
  /** Whether a handler created or changed it: such schedules run by the clock. */
  readonly byHandler: boolean;
  readonly created: Date;
  /** When it was last changed. */
  readonly modified: Date;
}

export interface ScheduleGroup {
  readonly name: string;
  readonly arn: string;
  readonly created: Date;
  /** Tags, by key. */
  readonly tags: Map<string, string>;
}

/** The schedules of a run and their groups. */
export class ScheduleStore {
  private readonly groups = new Map<string, ScheduleGroup>();
  private readonly schedules = new Map<string, StoredSchedule>();

  /** @param arn the ARN of a resource: `schedule/default/Nightly` */
  constructor(private readonly arn: (resource: string) => string) {
    this.addGroup('default');
  }

  get allGroups(): readonly ScheduleGroup[] {
    return [...this.groups.values()];
  }

  get all(): readonly StoredSchedule[] {
    return [...this.schedules.values()];
  }

  /** @throws AwsError when there is no such group */
  group(name: string): ScheduleGroup {
    const found = this.groups.get(name);
    if (found) return found;
    throw new AwsError('ResourceNotFoundException', `Schedule group ${name} does not exist.`, 404);
  }

  /** @throws AwsError when the name is taken */
  addGroup(name: string): ScheduleGroup {
    if (this.groups.has(name)) throw new AwsError('ConflictException', `Schedule group ${name} already exists.`, 409);
    const group = {
      name,
      arn: this.arn(`schedule-group/${name}`),
      created: new Date(),
      tags: new Map<string, string>(),
    };
    this.groups.set(name, group);
    return group;
  }

  /** Deletes a group and returns its deleted schedules. */
  removeGroup(name: string): readonly StoredSchedule[] {
    this.group(name);
    this.groups.delete(name);
    const own = this.all.filter(({ group }) => group === name);
    for (const one of own) this.remove(one);
    return own;
  }

  /** The schedule of a group; undefined if there is none. */
  find(group: string, name: string): StoredSchedule | undefined {
    return this.schedules.get(`${group}/${name}`);
  }

  /** @throws AwsError when there is no such schedule */
  existing(group: string, name: string): StoredSchedule {
    const found = this.find(group, name);
    if (found) return found;
    throw new AwsError('ResourceNotFoundException', `Schedule ${name} does not exist.`, 404);
  }

  /** Stores a schedule, replacing any of the same name. */
  put(given: Omit<StoredSchedule, 'arn' | 'created' | 'modified'>): StoredSchedule {
    const { group, name } = given;
    const now = new Date();
    const before = this.find(group, name);
    const schedule = {
      ...given,
      arn: this.arn(`schedule/${group}/${name}`),
      created: before?.created ?? now,
      modified: now,
    };
    this.schedules.set(`${group}/${name}`, schedule);
    return schedule;
  }

  remove({ group, name }: StoredSchedule): void {
    this.schedules.delete(`${group}/${name}`);
  }
}
