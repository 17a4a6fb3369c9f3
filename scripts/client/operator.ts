export * from '#client/operator.ts';
