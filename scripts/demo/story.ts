/** What has happened in the demonstration network before its visitor comes, and what waits for him. */
import { money } from '../client/types.ts';
import { firstParcel, type Stage } from './stage.ts';

/** How many days before today the story begins. The chain's first block must not be younger. */
export const STORY_DAYS = 118;

export async function setUp(stage: Stage): Promise<void> {
  await stage.day(-STORY_DAYS);
  const deposits = { carMaker: '9600000.00', firstBank: '30000000.00', secondBank: '20000000.00' } as const;
  for (const [name, amount] of Object.entries(deposits) as [keyof typeof deposits, string][]) {
    await stage.act('settlementBank', { type: 'deposit', member: stage.number(name), amount: money(amount) });
  }
  const lines = { firstBank: '8000000.00', secondBank: '3000000.00' } as const;
  for (const [bank, limit] of Object.entries(lines) as [keyof typeof lines, string][]) {
    await stage.act(bank, { type: 'approveCash' });
    await stage.act(bank, { type: 'setLine', obligor: stage.number('carMaker'), limit: money(limit) });
  }
  await stage.act('springs', { type: 'setStanding', standing: true });
}

/** One bill settled, one part paid, one overdue. */
export async function past(stage: Stage): Promise<void> {
  await stage.day(-117);
  const [settled, partPaid] = await stage.issue(
    { to: 'brakes', face: '1200000.00', due: -28, invoice: '26322000000110245517', note: '制动总成' },
    { to: 'seats', face: '860000.00', due: -10, invoice: '26332000000098830126', note: '前排座椅' },
  );
  const [first, second] = [firstParcel(settled!), firstParcel(partPaid!)];
  await stage.day(-116);
  await stage.take('brakes', first);
  await stage.take('seats', second);
  await stage.day(-110);
  const toHardware = await stage.offer('brakes', first, '450000.00', 'hardware');
  await stage.day(-109);
  await stage.take('hardware', toHardware);
  await stage.day(-100);
  await stage.offer('hardware', toHardware, '120000.37', 'springs');
  await stage.day(-95);
  const request = await stage.ask('brakes', first, '750000.00', ['firstBank', 'secondBank']);
  const best = await stage.quote('firstBank', request, '0.028000', '300.00');
  await stage.quote('secondBank', request, '0.031500');
  await stage.sell('brakes', first, '750000.00', best);

  await stage.day(-80);
  const [overdue] = await stage.issue({
    to: 'seats',
    face: '268400.00',
    due: -3,
    invoice: '26332000000101557409',
    note: '座椅骨架',
  });
  await stage.day(-79);
  await stage.take('seats', firstParcel(overdue!));
  const toPlastics = await stage.offer('seats', second, '286666.67', 'plastics');
  await stage.take('plastics', toPlastics);

  await stage.day(-28);
  await stage.fund(settled!, '1200000.00');
  await stage.day(-10);
  await stage.fund(partPaid!, '500000.00');
}

/** Bills that run: passed down three tiers, sold, sold on, and one of them due within days. */
export async function present(stage: Stage): Promise<void> {
  await stage.day(-60);
  const [large, soon, restricted] = await stage.issue(
    { to: 'brakes', face: '2400000.00', due: 75, invoice: '26322000000117702284', note: '制动总成' },
    { to: 'brakes', face: '690000.00', due: 5, invoice: '26322000000117702291', note: '备件' },
    {
      to: 'seats',
      face: '1580000.00',
      due: 40,
      invoice: '26332000000105518830',
      restrict: { finance: false },
      note: '前排座椅',
    },
  );
  const parcel = firstParcel(large!);
  await stage.day(-59);
  await stage.take('brakes', parcel, firstParcel(soon!));
  await stage.take('seats', firstParcel(restricted!));
  await stage.day(-50);
  const toHardware = await stage.offer('brakes', parcel, '900000.00', 'hardware');
  const toPlastics = await stage.offer('brakes', parcel, '333333.33', 'plastics');
  await stage.day(-49);
  await stage.take('hardware', toHardware);
  await stage.take('plastics', toPlastics);
  await stage.day(-42);
  const toCompounds = await stage.offer('hardware', toHardware, '210000.00', 'compounds');
  await stage.take('compounds', toCompounds);
  await stage.offer('hardware', toHardware, '88888.88', 'springs');
  await stage.day(-40);
  const request = await stage.ask('hardware', toHardware, '400000.00', ['secondBank']);
  const sold = await stage.sell(
    'hardware',
    toHardware,
    '400000.00',
    await stage.quote('secondBank', request, '0.030000', '150.00'),
  );
  await stage.day(-20);
  const resale = await stage.ask('secondBank', sold, '250000.00', ['firstBank']);
  await stage.sell('secondBank', sold, '250000.00', await stage.quote('firstBank', resale, '0.021500'));
  await waiting(stage, { parcel, toPlastics, toCompounds });
}

/** Something in everybody's inbox. */
async function waiting(
  stage: Stage,
  { parcel, toPlastics, toCompounds }: Record<'parcel' | 'toPlastics' | 'toCompounds', string>,
): Promise<void> {
  await stage.day(-1);
  await stage.offer('brakes', parcel, '150000.00', 'plastics', 7);
  await stage.offer('brakes', parcel, '60000.00', 'hardware', 14);
  const offered = await stage.ask(
    'plastics',
    toPlastics,
    '200000.00',
    ['firstBank', 'secondBank'],
    '用于采购树脂原料',
  );
  await stage.quote('firstBank', offered, '0.029000', '80.00', 7);
  await stage.quote('secondBank', offered, '0.027350', '260.00', 7);
  await stage.ask('compounds', toCompounds, '210000.00', ['firstBank', 'secondBank']);
  await stage.day(0);
  await stage.issue(
    { to: 'seats', face: '445600.00', due: 120, invoice: '26332000000112093377', note: '前排座椅' },
    { to: 'brakes', face: '780000.00', due: 150, invoice: '26322000000124418865', note: '制动总成' },
  );
}
