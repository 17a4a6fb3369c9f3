/** What has happened in the demonstration network before its visitor comes, and what waits for him. */
import { money } from '#client/money.ts';
import { firstParcel, type Stage } from './stage.ts';

/** How many days before today the story begins; the chain's first block must not be younger. */
const BEGINNING = -118;

export async function setUp(stage: Stage): Promise<void> {
  await stage.day(BEGINNING);
  const deposits = { carMaker: '9600000.00', firstBank: '30000000.00', secondBank: '20000000.00' } as const;
  for (const [name, amount] of Object.entries(deposits) as [keyof typeof deposits, string][]) {
    await stage.act('settlementBank', {
      type: 'deposit',
      member: stage.number(name),
      amount: money(amount),
      reference: `HC-${stage.number(name)}`,
    });
  }
  const lines = { firstBank: '8000000.00', secondBank: '3000000.00' } as const;
  for (const [bank, limit] of Object.entries(lines) as [keyof typeof lines, string][]) {
    await stage.act(bank, { type: 'approveCash' });
    await stage.act(bank, { type: 'setLine', obligor: stage.number('carMaker'), limit: money(limit) });
  }
  await stage.act('springs', { type: 'setStanding', standing: true });
}

/** Bills that have fallen due by today; returns those that are paid later in the story. */
export async function oldBills(stage: Stage): Promise<{ settled: string; partPaid: string }> {
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
  return { settled: settled!, partPaid: partPaid! };
}

/** Parcels of the large bill that is still running. */
type Running = Record<'brakes' | 'hardware' | 'plastics' | 'compounds' | 'springs' | 'sold', string>;

/** Bills that run: passed down three tiers, sold, and one of them due within days. */
export async function runningBills(stage: Stage): Promise<Running> {
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
  const brakes = firstParcel(large!);
  await stage.day(-59);
  await stage.take('brakes', brakes, firstParcel(soon!));
  await stage.take('seats', firstParcel(restricted!));
  await stage.day(-50);
  const hardware = await stage.offer('brakes', brakes, '900000.00', 'hardware');
  const plastics = await stage.offer('brakes', brakes, '333333.33', 'plastics');
  await stage.day(-49);
  await stage.take('hardware', hardware);
  await stage.take('plastics', plastics);
  await stage.day(-42);
  const compounds = await stage.offer('hardware', hardware, '210000.00', 'compounds');
  await stage.take('compounds', compounds);
  const springs = await stage.offer('hardware', hardware, '88888.88', 'springs');
  await stage.day(-40);
  const request = await stage.ask('hardware', hardware, '400000.00', ['secondBank']);
  const quote = await stage.quote('secondBank', request, '0.030000', '150.00');
  const sold = await stage.sell('hardware', hardware, '400000.00', quote);
  return { brakes, hardware, plastics, compounds, springs, sold };
}

export async function resale(stage: Stage, { sold }: Running): Promise<void> {
  await stage.day(-20);
  const request = await stage.ask('secondBank', sold, '250000.00', ['firstBank'], { purpose: 'rediscount' });
  await stage.sell('secondBank', sold, '250000.00', await stage.quote('firstBank', request, '0.021500'));
}

/** Something for everybody to answer. */
export async function waiting(stage: Stage, parcels: Running): Promise<void> {
  await stage.day(-1);
  await stage.offer('brakes', parcels.brakes, '150000.00', 'plastics', 7);
  await stage.offer('brakes', parcels.brakes, '60000.00', 'hardware', 14);
  await stage.offer('hardware', parcels.hardware, '45000.00', 'compounds', 10);
  const both = ['firstBank', 'secondBank'] as const;
  const note = { note: '用于采购树脂原料' };
  const toChoose = await stage.ask('plastics', parcels.plastics, '200000.00', both, note);
  await stage.quote('firstBank', toChoose, '0.029000', '80.00', 7);
  await stage.quote('secondBank', toChoose, '0.027350', '260.00', 7);
  const small = await stage.ask('springs', parcels.springs, '88888.88', ['firstBank']);
  await stage.quote('firstBank', small, '0.033000', '0.00', 7);
  await stage.ask('compounds', parcels.compounds, '210000.00', both);
  await stage.day(0);
  await stage.issue(
    { to: 'seats', face: '445600.00', due: 120, invoice: '26332000000112093377', note: '前排座椅' },
    { to: 'brakes', face: '780000.00', due: 150, invoice: '26322000000124418865', note: '制动总成' },
  );
}
