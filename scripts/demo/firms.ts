/** The firms of the demonstration. All of them are invented. */
import type { Role } from '#domain/codes.ts';
import type { Text } from '#domain/problems.ts';

type Firm = { readonly name: Text; readonly taxId: string; readonly roles: readonly Role[] };

const firm = (zh: string, en: string, taxId: string, ...roles: Role[]): Firm => ({
  name: { zh, en },
  taxId,
  roles,
});

export const FIRMS = {
  carMaker: firm('衡川汽车股份有限公司', 'Hengchuan Motors', '91320117MADM00001N', 'core_enterprise'),
  // first tier
  brakes: firm('澄江制动系统有限公司', 'Chengjiang Brake Systems', '91320281MADM00002L', 'supplier'),
  seats: firm('瑞禾座椅有限公司', 'Ruihe Seating', '91330206MADM000038', 'supplier'),
  // second tier
  hardware: firm('宏达五金制品有限公司', 'Hongda Hardware', '91330782MADM000047', 'supplier'),
  plastics: firm('永润模塑科技有限公司', 'Yongrun Plastics', '91320506MADM00005R', 'supplier'),
  // third tier
  springs: firm('南屏弹簧厂', 'Nanping Springs', '91330327MADM000064', 'supplier'),
  compounds: firm('东麓化工材料有限公司', 'Donglu Compounds', '91370285MADM00007J', 'supplier'),

  firstBank: firm('江海商业银行', 'Jianghai Commercial Bank', '91310000MADM00008E', 'bank'),
  secondBank: firm('云岭银行', 'Yunling Bank', '91530000MADM000097', 'bank'),
  settlementBank: firm('华澄清算银行', 'Huacheng Settlement Bank', '91310000MADM00010N', 'settlement_bank'),
  guarantor: firm('同舟融资担保有限公司', 'Tongzhou Guarantee', '91320100MADM000113', 'guarantor'),
  regulator: firm(
    '滨城金融监督管理局',
    'Bincheng Financial Supervision Bureau',
    '11320100MADM00012E',
    'regulator',
  ),
} as const satisfies Record<string, Firm>;

export type FirmName = keyof typeof FIRMS;
