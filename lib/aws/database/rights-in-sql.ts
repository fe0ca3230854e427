import type { DatabaseEngine } from '../../core/facts/rds';
import { type SqlStatement, statementsOf } from '../../core/sql-statements';

/**
 * What a migration says of who may do what: nothing; only what named users may do with tables and sequences, which is taken back from
 * those whom `users` lists; or more than that, such as what everybody may, or a role that somebody becomes a member of.
 */
export type RightsInSql = 'none' | 'tables' | 'more';

const SPEAKS =
  /\b(GRANT|REVOKE|PRIVILEGES|SECURITY|DEFINER|OWNER|SUPERUSER|REASSIGN|AUTHORIZATION)\b|\b(CREATE|ALTER|DROP|SET|RENAME)\s+(ROLE|USER|GROUP|POLICY)\b/i;

/** What stands in texts of these is run, or may be later. */
const HAS_BODY = /^(DO|PREPARE|SET|(CREATE|ALTER)\b[\s\S]*?\b(FUNCTION|PROCEDURE|TRIGGER|EVENT))\b/i;

/** On a table no word need stand before its name. */
const ON_TABLES =
  /^(?:GRANT|REVOKE|ALTER\s+DEFAULT\s+PRIVILEGES)\b[\s\S]*?\bON\s+(?!(?:ALL\s+)?(?:FUNCTIONS?|PROCEDURES?|ROUTINES?|SCHEMAS?|DATABASE|LANGUAGE|TYPES?|DOMAIN|TABLESPACE|LARGE|FOREIGN|PARAMETER)\b)/i;
const TO_ALL = /\b(TO|FROM)\b[\s\S]*\b(PUBLIC|RDS_IAM)\b/i;

/** What a migration says of who may do what. */
export function rightsIn(sql: string, engine: DatabaseEngine): RightsInSql {
  const speaking = statementsOf(sql, engine).filter(speaks);
  if (speaking.length === 0) return 'none';
  return speaking.every(({ bare }) => ON_TABLES.test(bare) && !TO_ALL.test(bare)) ? 'tables' : 'more';
}

function speaks({ bare, text }: SqlStatement): boolean {
  return SPEAKS.test(HAS_BODY.test(bare) ? text : bare);
}
