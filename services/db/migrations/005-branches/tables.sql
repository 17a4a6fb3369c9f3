-- The chain knows firms; a branch is an account that signs for one (ADR 35). Here a seat may be at a branch, and rows that are written
-- from there bear it by themselves.

create function app.viewer_branch() returns bytea language sql stable parallel safe as $$
  select decode(nullif(current_setting('tallystick.branch', true), ''), 'hex')
$$;
comment on function app.viewer_branch is 'the account of the branch at which the viewer sits; null: at the head office, or at none';

alter table app.seat add column branch bytea check (octet_length(branch) = 20);
alter table app.seat add constraint seat_at_branch
  check (branch is null or member is not null and not 'administer' = any(rights));
comment on column app.seat.branch is 'account of the branch at which it is; null: at the head office';

alter table app.instruction add column branch bytea default app.viewer_branch() check (octet_length(branch) = 20);
comment on column app.instruction.branch is 'at which it was prepared; null: at the head office';
create index instruction_branch on app.instruction (digest) where branch is not null;

alter table app.notice add column branch bytea check (octet_length(branch) = 20);
comment on column app.notice.branch is 'to whose people it is told, and to the head office; null: to all';

create function app.is_instruction_of_branch(instruction uuid) returns boolean
  language plpgsql stable parallel safe security invoker as $$
begin
  return exists (select from app.instruction i where i.id = instruction and i.branch = app.viewer_branch());
end $$;

create function app.is_signed_at_branch(signed bytea) returns boolean
  language plpgsql stable parallel safe security invoker as $$
begin
  return exists (select from app.instruction i where i.digest = signed and i.branch = app.viewer_branch());
end $$;
