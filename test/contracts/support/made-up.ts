/** Arguments for a function whose answer does not depend on them: whoever is not let in is not let in with any. */
import { ZeroHash, type FunctionFragment, type ParamType } from 'ethers';

/** One value for each argument of `fn`: of its type, as small as possible; addresses are `account`. */
export const madeUpArguments = (fn: FunctionFragment, account: string): unknown[] =>
  fn.inputs.map((input) => valueOf(input, account));

function valueOf({ baseType, components, type }: ParamType, account: string): unknown {
  if (baseType === 'array') return [];
  if (baseType === 'tuple') return components!.map((each) => valueOf(each, account));
  if (type === 'string') return '';
  if (type === 'bytes') return '0x';
  if (type === 'address') return account;
  if (type === 'bool') return true;
  return type.startsWith('bytes') ? ZeroHash.slice(0, 2 + 2 * Number(type.slice(5))) : 1;
}
