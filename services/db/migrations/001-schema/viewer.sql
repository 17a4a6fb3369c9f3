-- Who looks is said for each transaction in tallystick.viewer: a member's number, or * for the system and the regulator. Without
-- it nothing is visible. A policy asks once who looks and compares that with the row; what it has to look up it finds in views
-- that show the viewer's own entries alone, because PostgreSQL sets up the policies of a table within each policy that names it.

create function ledger.viewer() returns integer language sql stable parallel safe as $$
  select case when current_setting('tallystick.viewer', true) ~ '^[0-9]+$'
    then current_setting('tallystick.viewer', true)::integer end
$$;

create function ledger.viewer_sees_all() returns boolean language sql stable parallel safe as $$
  select current_setting('tallystick.viewer', true) = '*'
$$;

create function ledger.who() returns integer language sql stable parallel safe as $$
  select nullif(replace(current_setting('tallystick.viewer', true), '*', '-1'), '')::integer
$$;
comment on function ledger.who is 'the number of the viewer; -1: sees all; -2: the operator; null: sees nothing';

create view ledger.viewer_party as
  select bill_no from ledger.bill_party where member = (select ledger.who());
comment on view ledger.viewer_party is 'bills that the viewer was ever party to: for policies';

create view app.viewer_invitation as
  select bill_no, request_id from app.invitation where bank = (select ledger.who());
comment on view app.viewer_invitation is 'what the viewer was invited to quote for: for policies';

create function ledger.is_invited(bill bigint) returns boolean
  language plpgsql stable parallel safe security invoker as $$
begin
  return exists (select from app.viewer_invitation i where i.bill_no = bill);
end $$;
revoke execute on function ledger.is_invited from public;

create function app.was_invited(member integer, bill bigint) returns boolean
  language plpgsql stable parallel safe security invoker as $$
begin
  return exists (select from app.invitation i where i.bank = member and i.bill_no = bill);
end $$;
comment on function app.was_invited is 'for statements that hardly ever ask it: its plan is made when it is asked';

-- What follows reads what a viewer may not read by itself, so it asks who looks.

-- A bank learns that it lost without seeing another's quote.
create view app.request_sold with (security_barrier) as
  select r.id, (
    select coalesce(sum(f.amount_minor), 0) from app.quote q
      join ledger.quote_fill f on f.bank = q.bank and f.nonce = q.nonce
    where q.request_id = r.id)::numeric as sold_minor
  from app.financing_request r
  where (select ledger.who()) in (r.seller, -1) or exists (
    select from app.invitation i where i.request_id = r.id and i.bank = (select ledger.who()));
comment on view app.request_sold is 'what was sold under a request, as far as the viewer is party to it';

-- For the invoice's seller, who is the payee of each bill, for who was party to one of these bills or invited to finance it, and
-- for who sees all.
create view ledger.invoice_claim with (security_barrier) as
  select u.invoice_id, b.payee, u.bill_no, b.acceptor, b.status, u.amount_minor
  from ledger.invoice_use u join ledger.bill b on b.bill_no = u.bill_no and b.to_block is null
  where u.to_block is null and not u.freed and case (select ledger.who())
    when -1 then true
    when b.payee then true
    else exists (
      select from ledger.invoice_use s join ledger.bill o on o.bill_no = s.bill_no and o.to_block is null
      where s.invoice_id = u.invoice_id and s.to_block is null and not s.freed and o.payee = b.payee
        and (o.acceptor = (select ledger.who())
          or exists (select from ledger.viewer_party p where p.bill_no = o.bill_no)
          or exists (select from app.viewer_invitation i where i.bill_no = o.bill_no)))
  end;
comment on view ledger.invoice_claim is 'bills that use an invoice, as far as the viewer is entitled to know';

create function ledger.acceptor_record(obligor bigint, today date, since timestamptz)
  returns table (open_minor numeric, open_bills bigint, untaken_minor numeric, overdue_minor numeric,
    overdue_bills bigint, late_minor numeric, late_bills bigint)
  language sql stable security definer set search_path = pg_catalog as $$
  select owed.*, untaken.*, overdue.*, late.*
  from (select coalesce(sum(face_minor - paid_in_minor), 0), count(*) from ledger.bill
      where to_block is null and status = 'active' and paid_in_minor < face_minor and acceptor = obligor) owed,
    (select coalesce(sum(face_minor), 0) from ledger.bill
      where to_block is null and status = 'offered' and acceptor = obligor and due_on > today) untaken,
    (select coalesce(sum(face_minor - paid_in_minor), 0), count(*) from ledger.bill
      where to_block is null and status = 'active' and paid_in_minor < face_minor and acceptor = obligor
        and due_on < today) overdue,
    (select coalesce(sum(amount_minor), 0), count(distinct bill_no) from ledger.late_payment
      where acceptor = obligor and at >= since) late
  where case (select ledger.who()) when -1 then true when obligor then true else exists (
      select from ledger.parcel p join ledger.bill b on b.bill_no = p.bill_no and b.to_block is null
      where p.to_block is null and p.holder = (select ledger.who()) and b.acceptor = obligor
        and p.bill_no >= obligor << 32 and p.bill_no < obligor + 1 << 32)
    or exists (
      select from app.invitation i
      where i.bank = (select ledger.who()) and i.declined_at is null
        and i.bill_no >= obligor << 32 and i.bill_no < obligor + 1 << 32 and exists (
          select from app.financing_request r
          where r.id = i.request_id and r.cancelled_at is null and r.due_on > today offset 0)) end;
$$;
comment on function ledger.acceptor_record is
  'for the acceptor, who holds a piece of a bill of its, a bank that is asked to buy one, and who sees all';
revoke execute on function ledger.acceptor_record from public;

-- A policy says who sees which rows of these: see access.ts.

alter table ledger.act enable row level security;
alter table ledger.bill enable row level security;
alter table ledger.bill_named enable row level security;
alter table ledger.bill_party enable row level security;
alter table ledger.invoice_use enable row level security;
alter table ledger.late_payment enable row level security;
alter table ledger.parcel enable row level security;
alter table ledger.quote_fill enable row level security;
alter table ledger.redemption enable row level security;
alter table ledger.settlement_book enable row level security;
alter table app.audit_entry enable row level security;
alter table app.instruction enable row level security;
alter table app.instruction_comment enable row level security;
alter table app.signature enable row level security;
alter table app.bill_document enable row level security;
alter table app.bill_invoice enable row level security;
alter table app.bill_voucher enable row level security;
alter table app.credit_note enable row level security;
alter table app.financing_request enable row level security;
alter table app.import enable row level security;
alter table app.import_row enable row level security;
alter table app.import_shape enable row level security;
alter table app.invitation enable row level security;
alter table app.notice enable row level security;
alter table app.quote enable row level security;
alter table app.supplier_alias enable row level security;
alter table app.webhook enable row level security;
