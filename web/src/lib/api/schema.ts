/** The types of the API, made from docs/openapi.json by `scripts/build-api-types.ts`. */
export type * from '#client/generated/schema.ts';
