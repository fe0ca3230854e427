/** A definition's text with `${Name}` replaced; one for which `by` returns undefined stays, as `DefinitionSubstitutions` do it. */
export function withSubstitutions(definition: string, by: (name: string) => string | undefined): string {
  return definition.replace(/\$\{(\w+)\}/g, (whole, name: string) => by(name) ?? whole);
}
