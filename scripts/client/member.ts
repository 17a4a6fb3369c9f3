export * from '#client/member.ts';
