/** Whether an invoice is still one: lists of invoices show void, reversed and paid ones beside those that are owed. */

const VOID =
  /作废|红冲|冲红|冲销|红字|失控|非正常|异常|注销|撤销|取消|失效|无效|退票|草稿|\bvoid|cancel|revers|annul|storn|delet|reject|credited|written.?off|invalid|\bdraft/i;
const PAID =
  /^(已|全额|全部)?(付款|付清|支付|结清|兑付|核销|付)(完成|完毕)?$|^已(付|付款|支付|结清|清账|核销)|^(fully )?(paid|settled|cleared|closed)( in full)?$/i;
const DENIED =
  /未作废|未红冲|未冲红|未冲销|未被红冲|非作废|无红冲|没有作废|不作废|\b(not|non|un)[- ]?(void|cancel|revers|credited)\w*/gi;

/** Says of itself that it is not owed (any more): 作废, 已红冲-全额, paid. */
export function isNotOwed(status: string): boolean {
  const text = status.replace(DENIED, '').trim();
  return VOID.test(text) || (PAID.test(text) && !/^(未|部分)/.test(text));
}

const ALONE =
  /^[([]?(已|被)?(作废|红冲|冲红|冲销|注销|全额红冲|部分红冲)(-(全额|部分))?[)\]]?$|^[([]?(void(ed)?|cancell?ed|reversed)[)\]]?$/i;

/** A cell, whatever its column, that says so and nothing else. */
export const saysVoid = (cell: string): boolean => ALONE.test(cell);

/** What people write into a column that asks yes or no; undefined for anything else. */
export function yesOrNo(text: string): boolean | undefined {
  if (/^(是|有|y|yes|true|t|1|x|√|✓|✔)$/i.test(text)) return true;
  if (/^(否|无|不是|n|no|false|f|0|-|—|×)?$/i.test(text)) return false;
  return undefined;
}
