/** The name of the table, from the variable that `access` sets. */
export function tableName(): string {
  const name = process.env.ORDERS;
  if (!name) throw new Error('ORDERS is not set');
  return name;
}
