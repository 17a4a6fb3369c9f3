export * from '#client/key.ts';
