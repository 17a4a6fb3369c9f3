/** What SvelteKit's client wants of the package of this name (see vite.config.ts): the state of a page is plain JSON. */
export const { parse, stringify } = JSON;

const none = (): never => {
  throw new Error('this app has no server that sends data');
};
export { none as uneval, none as unflatten, none as stringifyAsync };
