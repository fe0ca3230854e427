import type { DatabaseEngine } from '../../core/facts/rds';
import { type SqlStatement, statementsOf } from '../../core/sql-statements';

/**
 * What a migration changes about privileges: nothing; only named users' privileges on tables and sequences, which are revoked from
 * users listed in `users`; or more, such as PUBLIC's privileges or a role's members.
 */
export type RightsInSql = 'none' | 'tables' | 'more';

const SPEAKS =
  /\b(GRANT|REVOKE|PRIVILEGES|SECURITY|DEFINER|OWNER|SUPERUSER|REASSIGN|AUTHORIZATION)\b|\b(CREATE|ALTER|DROP|SET|RENAME)\s+(ROLE|USER|GROUP|POLICY)\b/i;

/** Statements whose string literals are code, to be run now or later. */
const HAS_BODY = /^(DO|PREPARE|SET|(CREATE|ALTER)\b[\s\S]*?\b(FUNCTION|PROCEDURE|TRIGGER|EVENT))\b/i;

/** The keyword TABLE is optional before a table's name. */
const ON_TABLES =
  /^(?:GRANT|REVOKE|ALTER\s+DEFAULT\s+PRIVILEGES)\b[\s\S]*?\bON\s+(?!(?:ALL\s+)?(?:FUNCTIONS?|PROCEDURES?|ROUTINES?|SCHEMAS?|DATABASE|LANGUAGE|TYPES?|DOMAIN|TABLESPACE|LARGE|FOREIGN|PARAMETER)\b)/i;
const TO_ALL = /\b(TO|FROM)\b[\s\S]*\b(PUBLIC|RDS_IAM)\b/i;

/** What a migration changes about privileges. */
export function rightsIn(sql: string, engine: DatabaseEngine): RightsInSql {
  const speaking = statementsOf(sql, engine).filter(speaks);
  if (speaking.length === 0) return 'none';
  return speaking.every(({ bare }) => ON_TABLES.test(bare) && !TO_ALL.test(bare)) ? 'tables' : 'more';
}

function speaks({ bare, text }: SqlStatement): boolean {
  return SPEAKS.test(HAS_BODY.test(bare) ? text : bare);
}
