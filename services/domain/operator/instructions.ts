/** How people become the operator, and stay it. */
import { instruction } from '../instructions/instruction.ts';

export const operatorInstructions = {
  enrol: instruction<{ readonly person: string; readonly account: string }>()({
    by: 'operator',
    title: { zh: '由人员接管运营方', en: 'Hand the operator to people' },
    asks: {},
    gas: 'simple',
    sentence: (f, tense) => ({
      zh: `把运营方的权限交给 ${f.person} 的通行密钥所控制的账户 ${f.account}；密钥文件不再有任何权限`,
      en: `${tense('hand', 'handed')} the operator’s powers to the account ${f.account} of ${f.person}’s passkey; the key in the file keeps none`,
    }),
  }),
};
