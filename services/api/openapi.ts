/** From the route schemas to the OpenAPI document: a schema with a title becomes a component. */
type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type Node = { [key: string]: Json };

const isNode = (value: Json | undefined): value is Node =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Moves every titled schema under components; two different schemas with one title are a mistake. */
export function hoistComponents(document: Node): Node {
  const components: Record<string, Json> = {};
  const place = (schema: Node, name: string): Node => {
    const known = components[name];
    if (known !== undefined && JSON.stringify(known) !== JSON.stringify(schema)) {
      throw new Error(`two different schemas are called ${name}`);
    }
    components[name] = schema;
    return { $ref: `#/components/schemas/${name}` };
  };
  const walk = (value: Json): Json => {
    if (Array.isArray(value)) return value.map(walk);
    if (!isNode(value)) return value;
    const { title, ...rest } = value;
    const isSchema =
      typeof title === 'string' && ('type' in rest || 'enum' in rest || 'anyOf' in rest || 'oneOf' in rest);
    const entries = Object.entries(isSchema ? rest : value)
      // The parts of a union are told apart by a constant; the keyword would make generators look for names.
      .filter(([key]) => key !== 'discriminator')
      .map(([key, inner]) => [key, walk(inner)] as const);
    const schema = Object.fromEntries(entries);
    if (saysNothing(schema['requestBody']))
      schema['requestBody'] = { ...(schema['requestBody'] as Node), required: false };
    return isSchema ? place(schema, title) : schema;
  };
  const paths = walk(document['paths'] ?? {});
  const given = isNode(document['components']) ? document['components'] : {};
  const schemas = Object.fromEntries(Object.entries(components).sort(([a], [b]) => (a < b ? -1 : 1)));
  return { ...document, components: { ...given, schemas }, paths };
}

/** A body that can only be {} may be left out. */
function saysNothing(requestBody: Json | undefined): boolean {
  const text = JSON.stringify(requestBody ?? null);
  return text.includes('"schema":{"type":"object","properties":{},"additionalProperties":false}');
}
