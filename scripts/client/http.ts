export * from '#client/http.ts';
