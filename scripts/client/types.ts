export * from '#client/money.ts';
export type {
  ActInput as Act,
  Act as ActState,
  Bill,
  Line,
  Money,
  Parcel,
  PreparedAct,
} from '#client/generated/schema.ts';
